// One thread searches, the other changes the table; the table holds something before.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { adds, addsOrRemoves } from "../container-operations.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeProbe(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const writers = entryPointsTo(
    program,
    facts.accesses.filter((access) => addsOrRemoves(access.operation)),
    4,
  );
  const fillers = entryPointsTo(
    program,
    facts.accesses.filter((access) => adds(access.operation)),
    2,
  );
  const prefixes = [[], ...fillers.map((filler) => [filler.fn])];
  return [
    ...selfProvocations(program, facts.entries, { modes: ["same", "different"], prefixes }),
    ...crossProvocations(program, facts.entries, writers, { modes: ["same", "different"], prefixes }),
  ];
}
