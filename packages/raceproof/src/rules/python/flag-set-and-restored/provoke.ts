// Two threads go through the episode together; then one of them against a function that reads the attribute.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeToggle(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const readers = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.functionId !== facts.fn.id && (access.kind === "read" || access.kind === "check")),
    3,
  );
  return [
    ...selfProvocations(program, facts.entries, { modes: ["different", "same"] }),
    ...crossProvocations(program, facts.entries, readers, { modes: ["same"] }),
  ];
}
