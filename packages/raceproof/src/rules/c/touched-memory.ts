// What an entry point touches of contended memory with no section or lock: what the rule reports, and what a fix has to protect.
import { takesTwoObjects } from "../../models/index.ts";
import { ownerOf } from "../../vocabulary/index.ts";
import type { NativeEffect, NativeFunction } from "../../vocabulary/index.ts";
import { isProtected } from "./native-index.ts";
import type { NativeIndex } from "./native-index.ts";

export function isSuspect({ contended }: NativeIndex, effect: NativeEffect): boolean {
  if (effect.debugOnly || effect.atomic || effect.base.root.kind !== "parameter" || ownerOf(effect.base) === undefined) return false;
  return contended.has(effect.location) && !isProtected(effect);
}

/** Its own object, or any where it has none: what else is passed is a question of two objects. */
export function isOwn({ parameters, entries }: NativeFunction, { base }: NativeEffect): boolean {
  if (base.root.kind !== "parameter" || base.path[0] === "[]") return false;
  return base.root.index === 0 || parameters[0]?.type === "PyObject" || entries.some(({ name }) => takesTwoObjects(name) && name.startsWith("nb_"));
}
