// One thread iterates, the other adds or removes an element; the container holds something before.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { adds, removes } from "../container-operations.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeIteration(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const adders = entryPointsTo(
    program,
    facts.accesses.filter((access) => adds(access.operation)),
    4,
  );
  const removers = entryPointsTo(
    program,
    facts.accesses.filter((access) => removes(access.operation)),
    3,
  );
  const writers = [...adders, ...removers.filter((remover) => !adders.some((adder) => adder.fn.id === remover.fn.id))];
  const fillers = adders.slice(0, 2);
  const prefixes: FunctionFact[][] = [[], ...fillers.map((filler) => [filler.fn])];
  return crossProvocations(program, facts.entries, writers, { modes: ["different", "twins"], prefixes });
}
