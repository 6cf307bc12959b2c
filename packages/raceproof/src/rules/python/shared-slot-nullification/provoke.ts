// One thread frees or refills a slot while the other looks it up; the prefix fills the list.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { adds } from "../container-operations.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeSlots(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const readers = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.operation === "[]"),
    4,
  );
  const fillers = entryPointsTo(
    program,
    facts.accesses.filter((access) => adds(access.operation) && access.operation !== "[]="),
    2,
  );
  const prefixes: FunctionFact[][] = fillers.length > 0 ? fillers.map((filler) => [filler.fn]) : [[]];
  return [
    ...crossProvocations(program, facts.entries, readers, { modes: ["same", "opaque"], prefixes }),
    ...selfProvocations(program, facts.entries, { modes: ["same"], prefixes }),
  ];
}
