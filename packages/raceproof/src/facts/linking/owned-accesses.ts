// Extracted functions and the parameters that hold owned objects in; out, which accesses touch such an object and nothing else.
// What an owned object's attribute holds is owned with it only when the program stores nothing there but what it has just made.
import type { ExtractedAccess, ExtractedFunction } from "../module-facts.ts";
import type { OwnedParameters } from "./owned-parameters.ts";

/** An attribute of the object itself, and what its containers hold: `made.parts["x"]`, not `made.owner.parts`. */
const ownObject = /^(\w+)\.\w+(\[[^\]]*\])*$/;

/** They ask or replace the attribute, never what it holds. */
const ofAttribute: ReadonlySet<string> = new Set(["=", "+=", "is-none", "==", "truth"]);

export interface Ownership {
  readonly owned: OwnedParameters;
  /** Keys of locations that only ever get new objects and constants; asked for when something is owned. */
  readonly made: ReadonlySet<string>;
}

export function ownedAccesses({ owned, made }: Ownership): (functionId: number, access: ExtractedAccess) => boolean {
  return (functionId, { location, text, operation, key }) => {
    const names = owned.get(functionId);
    if (names === undefined || location.ownerKind !== "instance") return false;
    const root = ownObject.exec(text)?.[1];
    if (root === undefined || !names.has(root)) return false;
    return (key === undefined && ofAttribute.has(operation)) || made.has(location.key);
  };
}

export function madeInPlace(functions: readonly ExtractedFunction[]): ReadonlySet<string> {
  const made = new Set<string>();
  const others = new Set<string>();
  for (const { accesses } of functions) {
    for (const { operation, location, stored, key } of accesses) {
      if (operation !== "=" || key !== undefined) continue;
      const isMade = stored === "fresh-container" || stored === "fresh-object" || stored === "constant" || stored === "none";
      (isMade ? made : others).add(location.key);
    }
  }
  for (const key of others) made.delete(key);
  return made;
}
