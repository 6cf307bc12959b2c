// Extracted functions and classes in; out, why functions run in threads of their own or at moments of their own, by function key.
import { threadMethods } from "../../models/index.ts";
import type { ExtractedClass, ExtractedFunction, ThreadStart } from "../module-facts.ts";

export interface ThreadEntries {
  /** "target of threading.Thread at a.py:3", by key of the function. */
  readonly reasons: ReadonlyMap<string, string>;
  /** The calls that say so. */
  readonly starts: readonly ThreadStart[];
}

export function threadEntriesOf(functions: readonly ExtractedFunction[], classes: ReadonlyMap<string, ExtractedClass>): ThreadEntries {
  const reasons = new Map<string, string>();
  const starts: ThreadStart[] = [];
  for (const { calls } of functions) for (const call of calls) if (call.starts) starts.push(call.starts);
  for (const start of starts) reasons.set(start.key, start.how);
  for (const cls of classes.values()) {
    const bases = cls.lineage.flatMap((key) => classes.get(key)?.externalNames ?? []);
    for (const { base, method } of threadMethods) {
      const key = bases.includes(base) ? cls.methods.find(([name]) => name === method)?.[1] : undefined;
      if (key !== undefined) reasons.set(key, `${method} of a ${base}`);
    }
  }
  return { reasons, starts };
}
