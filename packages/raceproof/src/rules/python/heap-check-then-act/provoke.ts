// The pop runs in both threads on a heap that holds one element: the prefix takes something and gives it back.
import type { FunctionFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { adds, removes } from "../container-operations.ts";
import { entryPointsTo } from "../entry-points.ts";
import { factsOf, selfProvocations } from "../pair-provocations.ts";

export function provokeHeap(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const heapCalls = facts.accesses.filter((access) => access.operation.startsWith("heapq."));
  const poppers = entryPointsTo(
    program,
    heapCalls.filter((access) => removes(access.operation)),
    2,
  );
  const pushers = entryPointsTo(
    program,
    heapCalls.filter((access) => adds(access.operation)),
    4,
  );
  const fills: FunctionFact[][] = poppers.flatMap((popper) =>
    // A function that both takes and gives back leaves the heap as it was.
    pushers.toSorted((a, b) => Number(a.fn.id === popper.fn.id) - Number(b.fn.id === popper.fn.id)).map((pusher) => [popper.fn, pusher.fn]),
  );
  const prefixes = [...fills, ...pushers.map((pusher) => [pusher.fn]), []];
  return selfProvocations(program, poppers, { modes: ["opaque", "different", "same"], prefixes });
}
