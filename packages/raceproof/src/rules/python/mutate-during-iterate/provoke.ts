// One thread iterates, the other adds or removes an element; the container holds something before.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { adds, addsOrRemoves } from "../container-operations.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeIteration(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const writers = entryPointsTo(program, facts.accesses.filter((access) => addsOrRemoves(access.operation)), 6);
  const fillers = entryPointsTo(program, facts.accesses.filter((access) => adds(access.operation)), 2);
  const prefixes: FunctionFact[][] = [[], ...fillers.map((filler) => [filler.fn])];
  return crossProvocations(program, facts, writers, ["different", "twins"], prefixes);
}
