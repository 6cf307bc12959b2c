// Which functions of a program run because of others.
import type { NativeFunction } from "./native-program.ts";

/** Functions and what they call, asserts left out. `functions` are all of the program, by id. */
export function reachedFrom(functions: readonly NativeFunction[], from: readonly NativeFunction[]): Set<number> {
  return reachedThrough(
    from.map(({ id }) => id),
    (id) => (functions[id]?.events ?? []).flatMap((event) => (event.kind === "call" && !event.debugOnly ? event.targets : [])),
  );
}

/** Functions and what they call, by id. */
export function reachedThrough(from: readonly number[], calledBy: (id: number) => readonly number[]): Set<number> {
  const reached = new Set<number>();
  const waiting = [...from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...calledBy(id));
  }
  return reached;
}
