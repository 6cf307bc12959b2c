// Stores of None in, whether they are a choice of whoever configures the object out: a property's setter, a function that stores either
// a value or None as it was told, a constructor. Users do that once and not while the object is at work.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { areAlternatives } from "../controlled-by.ts";

export function areSettings(program: Program, resets: readonly AccessFact[]): boolean {
  return resets.length > 0 && resets.every((reset) => isSetting(program.functions[reset.functionId], reset));
}

function isSetting(fn: FunctionFact | undefined, reset: AccessFact): boolean {
  if (fn === undefined) return false;
  if (fn.role === "property-setter" || fn.qualifiedName.endsWith(".__init__")) return true;
  return fn.accesses.some(
    (other) =>
      other.location.key === reset.location.key && other.kind === "write" && other.stored !== "none" && areAlternatives(fn.tests, other.order, reset.order),
  );
}
