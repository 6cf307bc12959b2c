// Which functions of a native program run because of others.
import type { NativeFunction } from "./native-program.ts";

/** Functions and what they call, asserts left out. `functions` are all of the program, by id. */
export function reachedFrom(functions: readonly NativeFunction[], from: readonly NativeFunction[]): Set<number> {
  const reached = new Set<number>();
  const waiting = from.map(({ id }) => id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    for (const event of functions[id]?.events ?? []) if (event.kind === "call" && !event.debugOnly) waiting.push(...event.targets);
  }
  return reached;
}
