// A container's value in, the values of its elements out: by iteration, by subscript, by unpacking; and the element of a display.
import { childWithRole, PythonKind as K, stringValueOf, textOf } from "../../sources/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { unknownShape, unknownValue } from "./static-value.ts";
import type { Place, Shape, StaticValue } from "./static-value.ts";

const dictLike: ReadonlySet<string> = new Set(["dict", "weak-values", "weak-keys"]);

/** Elements as a `for` statement would see them. */
export function iterationOf(value: StaticValue): StaticValue {
  const { shape } = value;
  if (shape.kind !== "container") return unknownValue;
  if (dictLike.has(shape.container)) return { shape: shape.key ?? unknownShape };
  if (shape.element?.kind === "tuple") return { shape: shape.element };
  return { shape: shape.element ?? unknownShape, place: elementPlace(value, "[]") };
}

/** `base[slice]`: constant keys have a place of their own, all others share one. */
export function elementOf(base: StaticValue, module: ModuleDeclaration, slice: number): StaticValue {
  const { tree } = module;
  // `Box[int]` is `Box`.
  if (base.shape.kind === "class") return { shape: base.shape };
  if (tree.kind[slice] === K.Slice) return { shape: base.shape, fresh: true, copyOf: base.place ?? base.copyOf };
  if (base.shape.kind === "tuple") return base.shape.elements[slice < 0 ? 0 : Number(textOf(tree, slice))] ?? base.shape.elements[0] ?? unknownValue;
  const text = tree.kind[slice] === K.Constant ? stringValueOf(tree, slice) : undefined;
  const shape = base.shape.kind === "container" ? base.shape.element : undefined;
  return { shape: shape ?? unknownShape, place: elementPlace(base, text === undefined ? "[]" : `['${text}']`) };
}

function elementPlace({ place, copyOf }: StaticValue, step: string): Place | undefined {
  const container = place ?? copyOf;
  return container && { ...container, path: container.path + step };
}

/** What a name inside a tuple target gets. */
export function unpack(value: StaticValue, path: readonly number[]): StaticValue {
  let at = value;
  for (const index of path) {
    const { shape } = at;
    if (shape.kind === "tuple") at = shape.elements[index] ?? unknownValue;
    else if (shape.kind === "container" && shape.element) at = { shape: shape.element };
    else return unknownValue;
  }
  return at;
}

/** Shape of the first element of a display or comprehension, which has this role; undefined when there is none or it says nothing. */
export function elementOfDisplay(evaluator: Evaluator, module: ModuleDeclaration, node: number, role: number): Shape | undefined {
  const { shape } = evaluator.valueOf(module, childWithRole(module.tree, node, role));
  return shape.kind === "unknown" ? undefined : shape;
}
