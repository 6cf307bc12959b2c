// One thread waits while the other changes the state and notifies.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsOf } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeLostWakeUp(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const notifying = new Set(hazard.accesses.slice(1).map(({ function: name, span }) => `${span.file} ${name}`));
  const notifiers = program.functions.filter(({ qualifiedName, span }) => notifying.has(`${span.file} ${qualifiedName}`));
  const others = notifiers.flatMap(({ id }) => entryPointsOf(program, id, 2));
  return crossProvocations(program, facts.entries, others, { modes: ["same"] });
}
