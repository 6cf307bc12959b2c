// Both threads call the reader; threads of a driver are never the one that imported the module, so the first call already fails.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeReader(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  return facts ? selfProvocations(program, facts.entries, { modes: ["same", "different"] }) : [];
}
