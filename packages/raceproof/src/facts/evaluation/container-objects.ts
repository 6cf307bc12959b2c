// An instance of a class that extends a built-in container in, the place and kind of its own elements out.
// Operations that the class itself defines are calls of its methods and no accesses; what those do through super() is.
import type { ContainerKind } from "../../vocabulary/index.ts";
import { baseShapesOf, findMethod, lineage } from "./class-hierarchy.ts";
import type { ClassDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { containerShape, unknownValue } from "./static-value.ts";
import type { StaticValue } from "./static-value.ts";

const builtinContainers: ReadonlyMap<string, ContainerKind> = new Map<string, ContainerKind>([
  ["dict", "dict"],
  ["OrderedDict", "dict"],
  ["defaultdict", "dict"],
  ["Counter", "dict"],
  ["list", "list"],
  ["set", "set"],
  ["deque", "deque"],
  ["Dict", "dict"],
  ["List", "list"],
  ["Set", "set"],
]);

/** The elements of `self`, `super()` or another such instance, as a container with a place; undefined for all other values. */
export function elementsOfObject(evaluator: Evaluator, value: StaticValue): StaticValue | undefined {
  if (value.place || (value.shape.kind !== "instance" && value.shape.kind !== "super")) return undefined;
  const { elements } = evaluator.memos;
  let found = elements.get(value.shape.of);
  if (!found) elements.set(value.shape.of, (found = elementsOfClass(evaluator, value.shape.of)));
  return found === unknownValue ? undefined : found;
}

function elementsOfClass(evaluator: Evaluator, of: ClassDeclaration): StaticValue {
  for (const cls of lineage(evaluator, of)) {
    const kind = extendedContainer(evaluator, cls);
    if (!kind) continue;
    return { shape: containerShape(kind), place: { ownerKind: "instance", owner: cls.key, path: "<items>", ownerName: of.qualifiedName, guessed: false } };
  }
  return unknownValue;
}

function extendedContainer(evaluator: Evaluator, cls: ClassDeclaration): ContainerKind | undefined {
  for (const shape of baseShapesOf(evaluator, cls)) {
    const kind = shape.kind === "external" ? builtinContainers.get(shape.name.split(".").at(-1) ?? "") : undefined;
    if (kind) return kind;
  }
  return undefined;
}

const dunders: ReadonlyMap<string, string> = new Map([
  ["[]", "__getitem__"],
  ["[]=", "__setitem__"],
  ["del[]", "__delitem__"],
  ["+=", "__setitem__"],
  ["in", "__contains__"],
  ["for", "__iter__"],
  ["len", "__len__"],
]);

/** The class replaces the operation by a method of its own. */
export function redefines(evaluator: Evaluator, value: StaticValue, operation: string): boolean {
  return value.shape.kind === "instance" && findMethod(evaluator, value.shape.of, dunders.get(operation) ?? operation).length > 0;
}
