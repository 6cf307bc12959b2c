// Linked functions in, the instances out that one of them makes and puts into a global at run time, itself or through what it calls:
// any thread finds them there. Misses: instances that a function was given and whose class nobody names.
import type { FunctionFact } from "../../vocabulary/index.ts";
import type { KeptInstance } from "../module-facts.ts";

/** One for each class and place. */
export function keptByPublication(functions: readonly FunctionFact[]): KeptInstance[] {
  const out = new Map<string, KeptInstance>();
  for (const { phase, publications } of functions) {
    if (phase !== "ordinary") continue;
    for (const { type, into } of publications) {
      if (type === undefined || (into?.ownerKind !== "module" && into?.ownerKind !== "class")) continue;
      const sentence = `an instance is stored in ${into.display}`;
      out.set(`${type} ${sentence}`, { type, sentence });
    }
  }
  return [...out.values()];
}
