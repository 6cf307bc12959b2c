// Classes of the program in; out, the private methods of subclasses that a call of a base's method may run.
// Public methods are left out: users may call them anyway, so their callers tell nothing.
import type { ExtractedClass } from "../module-facts.ts";

/** Keys of methods by the key of the method they replace. */
export function overridesOf(classes: ReadonlyMap<string, ExtractedClass>): Map<string, string[]> {
  const methods = new Map([...classes.values()].map((cls) => [cls.key, new Map(cls.methods)]));
  const overrides = new Map<string, string[]>();
  for (const cls of classes.values()) {
    for (const [name, key] of cls.methods) {
      if (!name.startsWith("_") || name.endsWith("__")) continue;
      for (const base of cls.lineage.slice(1)) {
        const replaced = methods.get(base)?.get(name);
        if (replaced === undefined) continue;
        const known = overrides.get(replaced);
        if (known) known.push(key);
        else overrides.set(replaced, [key]);
      }
    }
  }
  return overrides;
}
