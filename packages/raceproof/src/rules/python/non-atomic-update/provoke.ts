// Two threads run the update together; other updates of the same value come next.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeUpdate(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const others = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.kind === "update" && access.functionId !== facts.fn.id),
    2,
  );
  return [
    ...selfProvocations(program, facts.entries, { modes: ["different", "same", "twins"] }),
    ...crossProvocations(program, facts.entries, others, { modes: ["same", "different"] }),
  ];
}
