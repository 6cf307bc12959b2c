// Module facts in, the classes whose instances a user of the library may hold out.
// A class leaves the set when the program makes its instances, keeps none of them anywhere and does not export it from a package:
// what is made and used inside functions belongs to one call. Misses: instances that a private function returns and a public one passes on.
import type { ExtractedClass, ExtractedFunction } from "../module-facts.ts";
import type { CreatedClasses } from "./created-classes.ts";
import type { ExtractedProgram } from "./extracted-program.ts";

export function reachableClasses(program: ExtractedProgram, created: CreatedClasses): ReadonlySet<string> {
  const { modules, functions, idOf, classes, starts } = program;
  const exported = new Set(modules.flatMap((module) => module.exportedClasses));
  const isTransient = transience(program, exported);
  const reachable = new Set([...classes.values()].filter((cls) => isNamedForUsers(cls) && !isTransient(cls)).map((cls) => cls.key));
  // A callback of the collector, a signal or the exit runs in whichever thread is there.
  for (const { key } of starts) reachable.add(functions[idOf.get(key) ?? -1]?.owner ?? "");
  addReached(reachable, classes);
  // Instances of these never outlive the function that creates them.
  if (exported.size > 0) for (const cls of created.transient) if (!exported.has(cls)) reachable.delete(cls);
  return reachable;
}

/** Which classes the program makes instances of, keeping none. Where nothing is exported, nothing is known of what users hold. */
function transience(program: ExtractedProgram, exported: ReadonlySet<string>): (cls: ExtractedClass) => boolean {
  if (exported.size === 0) return () => false;
  const { functions, classes } = program;
  const { made, held } = keptAndMade(functions, classes);
  for (const cls of exported) held.add(cls);
  for (const cls of givenToUsers(program)) held.add(cls);
  // Where a class is kept, its subclasses may be.
  for (const cls of made) if ((classes.get(cls)?.lineage ?? [cls]).some((base) => held.has(base))) made.delete(cls);
  return (cls) => !held.has(cls.key) && cls.lineage.some((base) => made.has(base));
}

function isNamedForUsers({ qualifiedName }: ExtractedClass): boolean {
  return qualifiedName.split(".").every((part) => !part.startsWith("_"));
}

/** Classes that functions make instances of, and those whose instances are kept somewhere. */
function keptAndMade(
  functions: readonly ExtractedFunction[],
  classes: ReadonlyMap<string, ExtractedClass>,
): { readonly made: Set<string>; readonly held: Set<string> } {
  const made = new Set<string>();
  const held = new Set<string>();
  for (const { constructedClasses, keptClasses } of functions) {
    for (const key of constructedClasses) made.add(key);
    for (const key of keptClasses) held.add(key);
  }
  for (const { keptClasses } of classes.values()) for (const key of keptClasses) held.add(key);
  return { made, held };
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
function givenToUsers({ modules, functions, idOf, targets }: ExtractedProgram): string[] {
  const called = new Set<number>();
  for (const calls of targets) for (const ids of calls) for (const id of ids) called.add(id);
  const isForUsers = (key: string): boolean => {
    const id = idOf.get(key);
    return id !== undefined && functions[id]?.public === true && !called.has(id);
  };
  return modules.flatMap(({ handed }) =>
    handed.creations.filter(({ functionKey, exits }) => exits.includes("returned") && isForUsers(functionKey)).map(({ type }) => type),
  );
}
