// The same check and act in both threads, for the same key; then against functions that remove, on an element that exists.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { adds, removes } from "../container-operations.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "../pair-provocations.ts";
import { isReset } from "./vanishing-values.ts";

export function provokeCheckThenAct(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const fillers = entryPointsTo(
    program,
    facts.accesses.filter((access) => adds(access.operation)),
    3,
  );
  const removers = entryPointsTo(
    program,
    facts.accesses.filter((access) => removes(access.operation) || isReset(access)),
    3,
  );
  const filled: FunctionFact[][] = fillers.map((filler) => [filler.fn]);
  return [
    ...selfProvocations(program, facts.entries, { modes: ["twins", "same"] }),
    ...selfProvocations(program, facts.entries, { modes: ["same"], prefixes: filled }),
    ...crossProvocations(program, facts.entries, removers, { modes: ["same"], prefixes: filled.length > 0 ? filled : [[]] }),
  ];
}
