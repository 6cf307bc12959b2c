// Both threads make the call for the same object with values of their own; functions that put objects where they are found come first.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokePassing(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const makers = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.functionId !== facts.fn.id),
    2,
  );
  const prefixes: FunctionFact[][] = [[], ...makers.map((maker) => [maker.fn])];
  return selfProvocations(program, facts.entries, { modes: ["different", "same", "twins"], prefixes });
}
