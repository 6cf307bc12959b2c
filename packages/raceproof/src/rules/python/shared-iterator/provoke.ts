// Both threads advance the iterator; for state on the container, both loop over the object to the end.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeAdvance(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const others = entryPointsTo(program, facts.accesses, 2);
  return crossProvocations(program, facts.entries, [...facts.entries, ...others.filter(({ fn }) => !facts.entries.some((entry) => entry.fn.id === fn.id))], {
    modes: ["same", "different"],
  });
}
