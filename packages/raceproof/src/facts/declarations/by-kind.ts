// Entries by the kind of a node in, a list with a place for every kind out: asked for every node, and cheaper than a map.

export function byKind<T>(entries: readonly (readonly [kind: number, value: T])[]): readonly (T | undefined)[] {
  const values: (T | undefined)[] = Array.from({ length: 256 }, () => undefined);
  for (const [kind, value] of entries) values[kind] = value;
  return values;
}
