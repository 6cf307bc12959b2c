// Both threads make the call on one object, with values of their own.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeCallState(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  return facts ? selfProvocations(program, facts.entries, { modes: ["different", "same"] }) : [];
}
