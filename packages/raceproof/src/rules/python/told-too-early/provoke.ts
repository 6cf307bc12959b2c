// One thread tells and stores while the other calls what looks.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeEarlySignal(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const readers = facts.accesses.filter((access) => access.functionId !== facts.fn.id);
  return crossProvocations(program, facts.entries, entryPointsTo(program, readers, 4), { modes: ["same", "twins"] });
}
