// One thread publishes the object while the other calls what reads its late fields.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokePublication(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const readers = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.kind !== "write" && access.functionId !== facts.fn.id),
    4,
  );
  return crossProvocations(program, facts.entries, readers, { modes: ["same", "twins"] });
}
