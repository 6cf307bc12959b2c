// Calls that start functions, and classes, in; out, why functions run in threads of their own or at moments of their own, by function key.
import { threadMethods } from "../../models/index.ts";
import type { ExtractedProgram } from "./extracted-program.ts";

/** "target of threading.Thread at a.py:3", by key of the function. */
export function threadEntriesOf({ starts, classes }: ExtractedProgram): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const start of starts) reasons.set(start.key, start.how);
  for (const cls of classes.values()) {
    const bases = cls.lineage.flatMap((key) => classes.get(key)?.externalNames ?? []);
    for (const { base, method } of threadMethods) {
      const key = bases.includes(base) ? cls.methods.find(([name]) => name === method)?.[1] : undefined;
      if (key !== undefined) reasons.set(key, `${method} of a ${base}`);
    }
  }
  return reasons;
}
