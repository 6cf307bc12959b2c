// Functions that code outside the program can run: what other files can name and nobody here calls, and what is handed on as a pointer.
// What enters: walked functions and their declarations. What leaves: the same with the mark. Misses: pointers made from names by macros.
import { CKind, CRole, nameOf } from "../../sources/index.ts";
import type { NativeFunction } from "../../vocabulary/index.ts";
import type { DeclaredFunction } from "./declare-functions.ts";
import type { UnitReader } from "./unit-reader.ts";

export function markCalledUnseen(
  functions: readonly NativeFunction[],
  declared: readonly DeclaredFunction[],
  readers: readonly UnitReader[],
): NativeFunction[] {
  const handed = handedNames(declared, readers);
  const called = new Set(functions.flatMap(({ events }) => events.flatMap((event) => (event.kind === "call" ? event.targets : []))));
  return functions.map((fn) => {
    const exported = declared[fn.id]?.exported === true && !called.has(fn.id);
    return fn.entries.length === 0 && (exported || handed.has(fn.name)) ? { ...fn, calledUnseen: true } : fn;
  });
}

/** Names of functions that stand where a value is expected. */
function handedNames(declared: readonly DeclaredFunction[], readers: readonly UnitReader[]): ReadonlySet<string> {
  const names = new Set(declared.map(({ name }) => name));
  const handed = new Set<string>();
  for (const { tree, unit } of readers) {
    if (unit.origin !== "own") continue;
    for (let node = 0; node < tree.size; node++) {
      if (tree.kind[node] !== CKind.Identifier || tree.role[node] === CRole.function || tree.role[node] === CRole.declarator) continue;
      const name = nameOf(tree, node);
      if (names.has(name)) handed.add(name);
    }
  }
  return handed;
}
