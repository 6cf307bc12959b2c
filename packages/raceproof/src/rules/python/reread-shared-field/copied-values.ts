// A program in, shared values kept in a local name, tested there, and then taken from the shared place after all, out.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { activity, shared } from "../activity.ts";
import { needsElement, removes } from "../container-operations.ts";
import { controls } from "../controlled-by.ts";
import { sharesLock } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { conditionOf } from "./condition-text.ts";
import type { Reread } from "./element-uses.ts";

export function copiedValues(program: Program): Reread[] {
  const places = indexOf(program).locationsDoing(shared(activity.mutate | activity.store));
  return places.flatMap(({ location, accesses }) => {
    const takers = location.ownerKind === "process" ? [] : accesses.filter((access) => access.sharing === "shared" && takesAway(access));
    if (takers.length === 0) return [];
    const open = accesses.filter(({ sharing, lockset }) => sharing === "shared" && lockset.length === 0);
    return open.filter(reliesOnIt).flatMap((again) => {
      const fn = program.functions[again.functionId] as FunctionFact;
      const first = fn.tests.length > 0 && fn.phase !== "import" ? open.find((access) => isEarlierRead(access, again)) : undefined;
      const others = takers.filter((other) => other.functionId !== fn.id && !sharesLock(again, other));
      return first && others.length > 0 && isTestedAsCopy(program, fn, { first, again })
        ? [{ first, second: again, interfering: others, why: "copied" as const }]
        : [];
    });
  });
}

interface Pair {
  readonly first: AccessFact;
  readonly again: AccessFact;
}

function isTestedAsCopy(program: Program, fn: FunctionFact, { first, again }: Pair): boolean {
  const copy = nameOfCopy(program, first);
  if (copy === undefined || program.sourceOf(again.statement).startsWith(`${copy} = `)) return false;
  return fn.tests.some((test) => isGuardedBy(program, test, copy, { first, again }));
}

/** Handed on, walked over, or an element taken: not changed, which is what the shared place is for. */
function reliesOnIt({ kind, operation }: AccessFact): boolean {
  return (kind === "read" && operation !== "[:]") || kind === "iterate" || needsElement(operation);
}

function isEarlierRead(access: AccessFact, again: AccessFact): boolean {
  const same = access.functionId === again.functionId && access.text === again.text && access.order < again.order;
  return same && (access.kind === "read" || access.kind === "iterate") && access.statement.line < again.statement.line;
}

/** `x = self.x`, `x = self.x[:]`, `x = list(self.x)`. */
function nameOfCopy(program: Program, { statement, text }: AccessFact): string | undefined {
  const source = program.sourceOf(statement);
  const name = /^(\w+) = /.exec(source)?.[1];
  if (name === undefined) return undefined;
  const value = source.slice(name.length + 3);
  const isCopy = value === text || value === `${text}[:]` || value === `${text}.copy()` || /^(list|tuple|sorted)\(/.test(value);
  return isCopy && value.replace(/^\w+\(|\)$/g, "").startsWith(text) && !/[\s+]/.test(value) ? name : undefined;
}

/** Reached only when the copy is there, or has elements. */
function isGuardedBy(program: Program, test: TestFact, copy: string, { first, again }: Pair): boolean {
  if (test.condition[0] < first.order || test.kind === "comprehension" || !controls(test, again.order)) return false;
  const condition = conditionOf(program, test);
  if (!new RegExp(`^(not )?(len\\()?${copy}\\b(?![.[(])`).test(condition)) return false;
  const isNegative = /^not |\bis None$|== 0$/.test(condition);
  const [from, to] = isNegative ? test.whenFalse : test.whenTrue;
  const isInBranch = again.order >= from && again.order < to;
  return isInBranch || ((isNegative ? test.trueLeaves : test.falseLeaves) && again.order >= test.after[0]);
}

function takesAway(access: AccessFact): boolean {
  return (
    removes(access.operation) || (access.kind === "write" && access.operation === "=" && (access.stored === "none" || access.stored === "fresh-container"))
  );
}
