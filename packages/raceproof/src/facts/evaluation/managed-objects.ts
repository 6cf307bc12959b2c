// A parameter of a descriptor's method in, the object whose attribute the descriptor manages out: `obj` in `__get__(self, obj, type)`.
// Its class is unknown; what the descriptor keeps on it is seen by every thread that reads the attribute (docs.python.org/3/howto/descriptor.html).
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import { containerShape, unknownShape } from "./static-value.ts";
import type { StaticValue } from "./static-value.ts";

export function managedObjectOf(fn: FunctionDeclaration, index: number): StaticValue | undefined {
  if (fn.name !== "__get__" || index !== 1 || !fn.owner) return undefined;
  return { shape: unknownShape, place: { ownerKind: "instance", owner: fn.owner.key, path: "<managed>", ownerName: fn.owner.qualifiedName, guessed: false } };
}

/** `obj.__dict__` of a managed object. */
export function managedAttribute(base: StaticValue, name: string): StaticValue | undefined {
  if (name !== "__dict__" || base.place?.path !== "<managed>") return undefined;
  return { shape: containerShape("dict"), place: { ...base.place, path: "__dict__" } };
}
