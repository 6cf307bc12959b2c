// One thread replaces the content while the other adds to it; something is in it before.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { adds } from "../container-operations.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf } from "../pair-provocations.ts";

export function provokeLoss(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const changers = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.functionId !== facts.fn.id && (adds(access.operation) || access.kind !== "write")),
    4,
  );
  const prefixes: FunctionFact[][] = [[], ...changers.slice(0, 2).map((changer) => [changer.fn])];
  return crossProvocations(program, facts.entries, changers, { modes: ["same", "different"], prefixes });
}
