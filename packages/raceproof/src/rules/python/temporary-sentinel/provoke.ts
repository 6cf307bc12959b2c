// One thread marks an object that exists while the other marks or reads the same one.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeMark(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const writers = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.kind === "write"),
    3,
  );
  const readers = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.kind === "read"),
    3,
  );
  const prefixes: FunctionFact[][] = [[], ...writers.map((writer) => [writer.fn])];
  return [
    ...selfProvocations(program, facts.entries, { modes: ["same"], prefixes }),
    ...crossProvocations(program, facts.entries, [...readers, ...writers], { modes: ["same"], prefixes }),
  ];
}
