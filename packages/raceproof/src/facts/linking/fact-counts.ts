// Facts in, the denominators of a report out: how much was seen, and how much of it could not be resolved.
import type { ModuleFacts } from "../module-facts.ts";
import { gatherProgram } from "./extracted-program.ts";
import type { ExtractedProgram } from "./extracted-program.ts";

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

/** Of one module by itself, but for the classes, of which a program may have fewer. */
export function countModule(module: ModuleFacts): FactCounts {
  return countFacts(gatherProgram([module]), 0);
}

export function countFacts({ functions, unresolved: leadingNowhere }: ExtractedProgram, classes: number): FactCounts {
  const counts = { functions: 0, functionsUnresolved: 0, classes, accesses: 0, accessesUnresolved: 0, calls: 0, callsUnresolved: 0, lockSpans: 0 };
  for (const [id, { role, calls, accesses, unresolvedAccesses, lockSpans }] of functions.entries()) {
    const isReal = role !== "module" && role !== "class-body";
    const unresolved = leadingNowhere[id] as number;
    if (isReal) counts.functions++;
    if (isReal && unresolved > 0) counts.functionsUnresolved++;
    counts.accesses += accesses.length;
    counts.calls += calls.length;
    counts.callsUnresolved += unresolved;
    counts.accessesUnresolved += unresolvedAccesses;
    counts.lockSpans += lockSpans;
  }
  return counts;
}
