// An access in a function that takes a lock in; whether the live container gets out of the lock through the return value out:
// the container itself, a view of it, or a generator over it. Misses: containers handed out inside other objects.
import { containerMethods, lazyAppliers, lazyWrappers } from "../../../models/index.ts";
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";

export type Leaving = "view" | "generator" | "container";

const namesForPeople: Readonly<Record<Leaving, string>> = {
  view: "as a live view",
  generator: "as a generator over it",
  container: "itself, not a copy,",
};

export function wordsFor(leaving: Leaving): string {
  return namesForPeople[leaving];
}

/** Callers in the program are followed to where they iterate: only what users get is of interest here. */
export function leavesLock(program: Program, fn: FunctionFact, access: AccessFact): Leaving | undefined {
  if (!fn.public || access.lockset.length === 0 || fn.acquisitions.length === 0 || fn.contextManager) return undefined;
  if (!fn.acquisitions.some((taken) => access.lockset.includes(taken.lock) && taken.order < access.order && taken.until > access.order)) return undefined;
  const how = wayOut(access);
  if (how === undefined) return undefined;
  const statement = program.sourceOf(access.statement);
  if (how === "generator") return /^return \((?:[^()]|\([^()]*\))*? for .*\)$/.test(statement) ? how : undefined;
  return statement === `return ${program.sourceOf(access.span)}` && !isExchanged(fn, access) ? how : undefined;
}

function wayOut({ kind, operation, location }: AccessFact): Leaving | undefined {
  if (kind === "iterate") return "generator";
  if (kind === "read") return operation === "read" && !location.path.endsWith("]") ? "container" : undefined;
  const isView = containerMethods.get(operation) === "iterates" || lazyWrappers.has(operation) || lazyAppliers.has(operation);
  return kind === "call" && isView ? "view" : undefined;
}

/** A new container takes its place before it leaves: the old one belongs to who gets it. */
function isExchanged(fn: FunctionFact, access: AccessFact): boolean {
  return fn.accesses.some((other) => other.location.key === access.location.key && other.kind === "write" && other.operation === "=");
}
