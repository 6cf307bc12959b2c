// Both threads are the first caller; then the first caller against another reader of the attribute.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeFirstUse(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const others = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.functionId !== facts.fn.id),
    3,
  );
  return [...selfProvocations(program, facts.entries, { modes: ["same"] }), ...crossProvocations(program, facts.entries, others, { modes: ["same"] })];
}
