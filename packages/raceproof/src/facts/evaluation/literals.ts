// Kinds of nodes in, what is known of literals and displays of that kind out. Sees one node, no names.
import { ConstantType, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { ContainerKind } from "../../vocabulary/index.ts";
import { containerShape, unknownValue } from "./static-value.ts";
import type { StaticValue } from "./static-value.ts";

const constantKinds: readonly (readonly [type: number, kind: ContainerKind])[] = [
  [ConstantType.None, "none"],
  [ConstantType.True, "boolean"],
  [ConstantType.False, "boolean"],
  [ConstantType.Integer, "integer"],
  [ConstantType.Float, "float"],
  [ConstantType.String, "text"],
  [ConstantType.Bytes, "text"],
];

/** By type: one value for all of them. */
const constants: ReadonlyMap<number, StaticValue> = new Map(constantKinds.map(([type, kind]) => [type, { shape: containerShape(kind) }]));

/** Displays, comprehensions and other expressions whose value is a new container; with the role of its elements. */
export const displays: readonly (readonly [kind: number, container: ContainerKind, element: number])[] = [
  [K.Dict, "dict", R.values],
  [K.DictComp, "dict", R.value],
  [K.List, "list", R.elts],
  [K.ListComp, "list", R.elt],
  [K.Set, "set", R.elts],
  [K.SetComp, "set", R.elt],
  [K.GeneratorExp, "generator", R.elt],
];

/** Expressions that make a value without parts. */
export const plainResults: readonly (readonly [kind: number, container: ContainerKind])[] = [
  [K.JoinedStr, "text"],
  [K.Compare, "boolean"],
];

export function constantValue(type: number): StaticValue {
  return constants.get(type) ?? unknownValue;
}
