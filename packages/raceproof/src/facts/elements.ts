// A container's value in, the values of its elements out: by iteration, by subscript, by unpacking; and the element of a display.
import { childWithRole, PythonKind as K, PythonRole as R, stringValueOf, textOf } from "../sources/index.ts";
import type { ModuleDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { unknownShape, unknownValue } from "./static-value.ts";
import type { Shape, StaticValue } from "./static-value.ts";

/** Elements as a `for` statement would see them. */
export function iterationOf(value: StaticValue): StaticValue {
  const { shape } = value;
  if (shape.kind !== "container") return unknownValue;
  if (shape.container === "dict") return { shape: shape.key ?? unknownShape };
  if (shape.element?.kind === "tuple") return { shape: shape.element };
  return { shape: shape.element ?? unknownShape, place: value.place && { ...value.place, path: `${value.place.path}[]` } };
}

/** `base[slice]`: constant keys have a place of their own, all others share one. */
export function elementOf(base: StaticValue, module: ModuleDeclaration, slice: number): StaticValue {
  if (slice >= 0 && module.tree.kind[slice] === K.Slice) return { shape: base.shape, fresh: true };
  if (base.shape.kind === "tuple") return base.shape.elements[Number(slice >= 0 ? textOf(module.tree, slice) : 0)] ?? base.shape.elements[0] ?? unknownValue;
  const text = slice >= 0 && module.tree.kind[slice] === K.Constant ? stringValueOf(module.tree, slice) : undefined;
  const step = text === undefined ? "[]" : `['${text}']`;
  const shape = base.shape.kind === "container" ? base.shape.element : undefined;
  return { shape: shape ?? unknownShape, place: base.place && { ...base.place, path: base.place.path + step } };
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

/** Shape of the first element of a display or comprehension; undefined when there is none or it says nothing. */
export function elementOfDisplay(evaluator: Evaluator, module: ModuleDeclaration, node: number): Shape | undefined {
  const { tree } = module;
  const roles = tree.kind[node] === K.Dict || tree.kind[node] === K.DictComp ? [R.values, R.value] : [R.elts, R.elt];
  const child = roles.map((role) => childWithRole(tree, node, role)).find((each) => each >= 0);
  if (child === undefined) return undefined;
  const { shape } = evaluator.valueOf(module, child);
  return shape.kind === "unknown" ? undefined : shape;
}
