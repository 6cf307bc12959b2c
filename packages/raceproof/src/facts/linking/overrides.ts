// Classes of the program in; out, the methods of subclasses that a call of a base's method may run: private ones, and hooks, which the
// base only declares. Other public methods are left out: users may call them anyway, so their callers tell nothing.
import type { ExtractedClass } from "../module-facts.ts";

/** Keys of methods by the key of the method they replace. */
export function overridesOf(classes: ReadonlyMap<string, ExtractedClass>, isHook: (key: string) => boolean): Map<string, string[]> {
  const methods = new Map([...classes.values()].map((cls) => [cls.key, new Map(cls.methods)]));
  const overrides = new Map<string, string[]>();
  for (const cls of classes.values()) {
    for (const [name, key] of cls.methods) {
      if (name.endsWith("__")) continue;
      for (const base of cls.lineage.slice(1)) {
        const replaced = methods.get(base)?.get(name);
        if (replaced === undefined || (!name.startsWith("_") && !isHook(replaced))) continue;
        const known = overrides.get(replaced);
        if (known) known.push(key);
        else overrides.set(replaced, [key]);
      }
    }
  }
  return overrides;
}
