// An access that walks over a list, or hands out an iterator over a container, in; who moves its elements meanwhile out. A list's
// iterator does not notice: it skips an element, sees one twice, or never comes to an end.
import { lazyAppliers, lazyWrappers } from "../../../models/index.ts";
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import type { Doubt } from "../confidence.ts";
import { adds, removes } from "../container-operations.ts";
import { interferingWith } from "../hazard-draft.ts";
import type { HazardDraft } from "../hazard-draft.ts";

/** An iterator over the live container is returned: `return filter(None, self.entries)`, or users get a view of it: `return self.entries.keys()`. */
export function handsOut(program: Program, fn: FunctionFact, access: AccessFact): boolean {
  if (access.kind !== "call") return false;
  const isLazy = lazyWrappers.has(access.operation) || lazyAppliers.has(access.operation);
  return (isLazy && fn.returned.includes(`call@${access.order}`)) || handsOutView(program, fn, access);
}

/** Where a collection is asked for its own view, whoever asks knows that it is one. */
function handsOutView(program: Program, fn: FunctionFact, { operation, statement, span }: AccessFact): boolean {
  if (!views.has(operation) || !fn.public || fn.qualifiedName.endsWith(`.${operation}`) || fn.qualifiedName.endsWith("__iter__")) return false;
  return program.sourceOf(statement) === `return ${program.sourceOf(span)}`;
}

export const views: ReadonlySet<string> = new Set(["keys", "values", "items"]);

export interface Mover {
  readonly writer: AccessFact;
  readonly writers: readonly AccessFact[];
  readonly doubt: Doubt | undefined;
}

/** Who takes elements out of the list, inserts or reorders them; appended ones only come last. */
export function moverOf(program: Program, access: AccessFact): Mover | undefined {
  const writers = interferingWith(program, access, movesElements);
  const writer = writers[0];
  return writer && { writer, writers, doubt: doubtAboutList(access, writers) };
}

function movesElements({ operation }: AccessFact): boolean {
  return removes(operation) || operation === "insert" || operation === "sort" || operation === "reverse";
}

/** Where nothing but the list's own object works on it, one thread usually does. */
function doubtAboutList(access: AccessFact, writers: readonly AccessFact[]): Doubt | undefined {
  const isOwn = (each: AccessFact): boolean => /^(self|cls)\.\w+$/.test(each.text);
  if (!isOwn(access) || writers.some((writer) => !isOwn(writer))) return undefined;
  return { steps: 1, because: "a list: the loop skips an element or sees one twice, and does not fail" };
}

/** The list is an argument's, methods of this very class add to such lists, and the generator hands over in between: one thread is enough. */
export function selfIteration(program: Program, fn: FunctionFact, access: AccessFact): HazardDraft | undefined {
  const root = /^\w+/.exec(access.text)?.[0];
  if (!fn.generator || fn.owner === undefined || !fn.parameters.slice(1).some(({ name }) => name === root)) return undefined;
  const adders = interferingWith(program, access, (other) => adds(other.operation) && program.functions[other.functionId]?.owner === fn.owner);
  const adder = adders[0];
  return (
    adder && {
      main: access,
      sequence: [access],
      interfering: adders,
      confidence: "medium",
      evidence: [`${root} may be the object itself, to which ${adder.function} (line ${adder.span.line}) adds while the generator waits`],
      severity: "deadlock",
      reach: "single-threaded",
      message: `${access.text} is iterated here while elements are added to objects of this class: one that is given itself never comes to an end`,
    }
  );
}
