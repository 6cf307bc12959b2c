// One thread stops and starts again what the first start has made run.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeRestart(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  return facts ? selfProvocations(program, facts.entries, { modes: ["same"] }) : [];
}
