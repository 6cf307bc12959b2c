// Module facts in, the classes whose instances a user of the library may hold out.
// A class leaves the set when the program makes its instances, keeps none of them anywhere and does not export it from a package:
// what is made and used inside functions belongs to one call. Misses: instances that a private function returns and a public one passes on.
import type { ExtractedClass, ModuleFacts } from "../module-facts.ts";

/** `dropped`: classes whose instances never outlive the function that creates them. */
export function reachableClasses(
  modules: readonly ModuleFacts[],
  classes: ReadonlyMap<string, ExtractedClass>,
  dropped: ReadonlySet<string>,
): ReadonlySet<string> {
  const exported = new Set(modules.flatMap((module) => module.exportedClasses));
  const functions = modules.flatMap((module) => module.functions);
  const transient = new Set(exported.size > 0 ? functions.flatMap((fn) => fn.constructedClasses) : []);
  const held = new Set([
    ...exported,
    ...givenToUsers(modules),
    ...functions.flatMap((fn) => fn.keptClasses),
    ...[...classes.values()].flatMap((cls) => cls.keptClasses),
  ]);
  const lineageOf = (key: string): readonly string[] => classes.get(key)?.lineage ?? [key];
  // Where a class is kept, its subclasses may be.
  for (const cls of transient) if (lineageOf(cls).some((base) => held.has(base))) transient.delete(cls);
  const isTransient = (cls: ExtractedClass): boolean => !held.has(cls.key) && cls.lineage.some((base) => transient.has(base));
  const named = [...classes.values()].filter((cls) => cls.qualifiedName.split(".").every((part) => !part.startsWith("_")));
  const reachable = new Set(named.filter((cls) => !isTransient(cls)).map((cls) => cls.key));
  // A callback of the collector, a signal or the exit runs in whichever thread is there.
  const starts = functions.flatMap((fn) => fn.calls.flatMap((call) => call.starts ?? []));
  const ownerOf = new Map(functions.map((fn) => [fn.key, fn.owner]));
  for (const { key } of starts) reachable.add(ownerOf.get(key) ?? "");
  addReached(reachable, classes);
  if (exported.size > 0) for (const cls of dropped) if (!exported.has(cls)) reachable.delete(cls);
  return reachable;
}

/** Parts of what is reachable are, and bases. */
function addReached(reachable: Set<string>, classes: ReadonlyMap<string, ExtractedClass>): void {
  for (let before = -1; before !== reachable.size;) {
    before = reachable.size;
    for (const holder of classes.values()) if (reachable.has(holder.key)) for (const { part } of holder.keptParts) reachable.add(part);
    for (const cls of reachable) for (const base of classes.get(cls)?.lineage ?? []) reachable.add(base);
  }
}

/** Returned by public functions that the program itself never calls: they are there for users. */
function givenToUsers(modules: readonly ModuleFacts[]): string[] {
  const functions = modules.flatMap((module) => module.functions);
  const called = new Set(functions.flatMap((fn) => fn.calls.flatMap((call) => call.targets)));
  const forUsers = new Set(functions.filter((fn) => fn.public && !called.has(fn.key)).map((fn) => fn.key));
  const creations = modules.flatMap((module) => module.handed.creations);
  return creations.filter(({ functionKey, exits }) => exits.includes("returned") && forUsers.has(functionKey)).map(({ type }) => type);
}
