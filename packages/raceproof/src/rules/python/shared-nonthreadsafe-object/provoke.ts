// Every function that uses the object against the one of the hazard.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeUse(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  return facts ? crossProvocations(program, facts.entries, entryPointsTo(program, facts.accesses, 2), { modes: ["different", "same"] }) : [];
}
