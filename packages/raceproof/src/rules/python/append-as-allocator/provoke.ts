// Both threads allocate an index: the values returned must differ, as they do in every serial order.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeAllocation(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  return facts
    ? facts.entries.flatMap((entry) => crossProvocations(program, { ...facts, entries: [entry] }, [entry], ["opaque", "different", "same"], [[]]))
    : [];
}
