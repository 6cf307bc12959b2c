// Both threads ask for the same key; nothing but their results keeps the entry alive.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeLookup(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  return facts ? selfProvocations(program, facts.entries, { modes: ["same", "twins"] }) : [];
}
