// Extracted functions and classes in; out, the classes whose objects live on an event loop: they, or a class they extend, have coroutines
// among their methods, so that tasks of one loop work with them. Misses: callbacks of a loop in classes without coroutines.
import type { ExtractedClass, ExtractedFunction } from "../module-facts.ts";
import { lastNameOf } from "./own-names.ts";

/** One coroutine may be a second way to use an object that threads use, too. */
const fewestCoroutines = 2;

export function loopClasses(functions: readonly ExtractedFunction[], classes: ReadonlyMap<string, ExtractedClass>): ReadonlySet<string> {
  const coroutines = new Map<string, number>();
  for (const fn of functions) {
    const { owner, asynchronous } = fn;
    if (owner !== undefined && asynchronous && !lastNameOf(fn).startsWith("__")) coroutines.set(owner, (coroutines.get(owner) ?? 0) + 1);
  }
  if (coroutines.size === 0) return none;
  const isOnLoop = ({ lineage }: ExtractedClass): boolean => lineage.reduce((sum, key) => sum + (coroutines.get(key) ?? 0), 0) >= fewestCoroutines;
  return new Set([...classes.values()].flatMap((cls) => (isOnLoop(cls) ? [cls.key] : [])));
}

const none: ReadonlySet<string> = new Set();
