// A function in, its tests of one changeable flag of which a later one relies on what only the branch of an earlier one has set, out.
// Misses: flags tested with other words in between (`and`), and values set in one call and used in the next.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { testAsAccess } from "../call-as-access.ts";
import { interferingWith } from "../hazard-draft.ts";
import { conditionOf } from "./condition-text.ts";
import type { Reread } from "./element-uses.ts";

export function flagDependencesIn(program: Program, fn: FunctionFact): Reread[] {
  if (fn.tests.length < 2) return [];
  const plain = fn.tests.filter(isOfOneField);
  for (let number = 1; number < plain.length; number++) {
    const later = plain[number] as TestFact;
    for (let before = 0; before < number; before++) {
      const earlier = plain[before] as TestFact;
      if (earlier.origins[0] !== later.origins[0] || earlier.whenTrue[1] > later.condition[0] || !isField(earlier)) continue;
      const reread = dependence(program, fn, earlier, later);
      if (reread) return [reread];
    }
  }
  return [];
}

function isOfOneField({ kind, origins }: TestFact): boolean {
  return kind === "if" && origins.length === 1 && origins[0]?.includes(".") === true;
}

function isField({ origins }: TestFact): boolean {
  return /^\w+(\.\w+)+$/.test(origins[0] ?? "");
}

function dependence(program: Program, fn: FunctionFact, earlier: TestFact, later: TestFact): Reread | undefined {
  const condition = conditionOf(program, earlier);
  if (conditionOf(program, later) !== condition || !/^\w+(\.\w+)+(\[['"]\w+['"]\])?$/.test(condition)) return undefined;
  const flag = accessOfFlag(fn, earlier, condition);
  if (!flag || !needsFirstBranch(program, fn, earlier, later)) return undefined;
  const writers = interferingWith(program, flag, (other) => other.kind === "write" && other.functionId !== fn.id);
  if (writers.length === 0 && !condition.endsWith("]")) return undefined;
  return { first: testAsAccess(earlier, flag), second: testAsAccess(later, flag), interfering: writers, why: "flag" };
}

/** The access of the flag, or, where its owner is not known, of the longest part of the path that is. */
function accessOfFlag(fn: FunctionFact, { condition }: TestFact, text: string): AccessFact | undefined {
  const inside = fn.accesses.filter(({ order }) => order >= condition[0] && order < condition[1]);
  const open = inside.filter((access) => access.sharing === "shared" && access.lockset.length === 0 && text.startsWith(access.text));
  return open.toSorted((a, b) => b.text.length - a.text.length)[0];
}

function needsFirstBranch(program: Program, fn: FunctionFact, earlier: TestFact, later: TestFact): boolean {
  const stores = fn.accesses.filter(({ kind, operation, order }) => kind === "write" && operation === "=" && isWithin(order, earlier.whenTrue));
  const isNeeded = stores.some((store) => {
    const same = fn.accesses.filter(
      ({ text, order }) => text === store.text && (order < earlier.condition[0] || isWithin(order, later.whenTrue) || isWithin(order, earlier.whenFalse)),
    );
    const first = same.toSorted((a, b) => a.order - b.order)[0];
    return first !== undefined && isWithin(first.order, later.whenTrue) && first.kind !== "write";
  });
  return isNeeded || needsFirstLocal(program, fn, earlier, later);
}

/** A local name that nothing else sets: UnboundLocalError. */
function needsFirstLocal(program: Program, fn: FunctionFact, earlier: TestFact, later: TestFact): boolean {
  const whole = program.textOf(fn.span);
  const branch = program.textOf(earlier.span);
  if (earlier.falseLeaves || earlier.whenFalse[1] > earlier.whenFalse[0]) return false;
  const names = [...branch.matchAll(/^[ \t]*(\w+) = /gm)].flatMap((match) => match[1] ?? []);
  const body = program.textOf(later.span).slice(later.condition[1] - later.condition[0]);
  return names.some((name) => {
    const stored = [...whole.matchAll(new RegExp(`\\b${name}\\b\\s*(=[^=]|[+*/-]=|,|:)|\\b(for|as) ${name}\\b`, "g"))];
    return stored.length === 1 && new RegExp(`\\b${name}\\b`).test(body);
  });
}

function isWithin(order: number, [from, to]: readonly [number, number]): boolean {
  return order >= from && order < to;
}
