// Facts in, the denominators of a report out: how much was seen, and how much of it could not be resolved.
import type { CallFact, FunctionFact } from "../../vocabulary/index.ts";
import type { ExtractedFunction } from "../module-facts.ts";

export interface FactCounts {
  readonly functions: number;
  /** Functions with at least one call that leads nowhere known. */
  readonly functionsUnresolved: number;
  readonly classes: number;
  readonly accesses: number;
  /** Attribute expressions of which neither value nor owner is known. */
  readonly accessesUnresolved: number;
  readonly calls: number;
  readonly callsUnresolved: number;
  readonly lockSpans: number;
}

export function countFacts(extracted: readonly ExtractedFunction[], functions: readonly FunctionFact[], classes: number): FactCounts {
  const real = functions.filter((fn) => fn.role !== "module" && fn.role !== "class-body");
  const calls = functions.flatMap((fn) => fn.calls);
  return {
    functions: real.length,
    functionsUnresolved: real.filter((fn) => fn.calls.some(isUnresolved)).length,
    classes,
    accesses: functions.reduce((sum, fn) => sum + fn.accesses.length, 0),
    accessesUnresolved: extracted.reduce((sum, each) => sum + each.unresolvedAccesses, 0),
    calls: calls.length,
    callsUnresolved: calls.filter(isUnresolved).length,
    lockSpans: extracted.reduce((sum, each) => sum + each.lockSpans, 0),
  };
}

function isUnresolved(call: CallFact): boolean {
  return call.targets.length === 0 && call.external === undefined;
}
