// One thread resets or copies while the other changes or reads the same fields; something is in them before.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeTear(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const elsewhere = facts.accesses.filter((access) => access.functionId !== facts.fn.id);
  const changers = entryPointsTo(
    program,
    elsewhere.filter((access) => access.kind !== "read" && access.kind !== "check"),
    3,
  );
  const readers = entryPointsTo(
    program,
    elsewhere.filter((access) => access.kind === "read" || access.kind === "check"),
    3,
  );
  const prefixes: FunctionFact[][] = [[], ...changers.slice(0, 2).map((changer) => [changer.fn])];
  return crossProvocations(program, facts.entries, [...changers, ...readers], { modes: ["same"], prefixes });
}
