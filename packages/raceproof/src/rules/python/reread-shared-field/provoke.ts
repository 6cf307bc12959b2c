// One thread goes through both reads while the other changes what it reads; functions that add come first.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { adds } from "../container-operations.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeReread(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const changers = entryPointsTo(
    program,
    facts.accesses.filter((access) => (access.kind === "write" || access.kind === "call") && access.functionId !== facts.fn.id),
    4,
  );
  const fillers = entryPointsTo(
    program,
    facts.accesses.filter((access) => adds(access.operation) && access.operation !== "[]="),
    2,
  );
  const prefixes: FunctionFact[][] = fillers.length > 0 ? fillers.map((filler) => [filler.fn]) : [[]];
  return crossProvocations(program, facts.entries, changers, { modes: ["same"], prefixes });
}
