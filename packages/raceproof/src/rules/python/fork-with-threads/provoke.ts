// Both threads fork: the child of one is copied while the other is in the middle of something. What a child does is not scheduled.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeFork(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  return facts ? selfProvocations(program, facts.entries, { modes: ["same"] }) : [];
}
