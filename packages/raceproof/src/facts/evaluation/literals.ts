// Kinds of nodes in, what is known of literals and displays of that kind out. Sees one node, no names.
import { ConstantType, PythonKind as K } from "../../sources/index.ts";
import type { ContainerKind } from "../../vocabulary/index.ts";
import { byKind } from "../declarations/by-kind.ts";
import { containerShape, unknownValue } from "./static-value.ts";
import type { StaticValue } from "./static-value.ts";

const constantKinds: ReadonlyMap<number, ContainerKind> = new Map<number, ContainerKind>([
  [ConstantType.None, "none"],
  [ConstantType.True, "boolean"],
  [ConstantType.False, "boolean"],
  [ConstantType.Integer, "integer"],
  [ConstantType.Float, "float"],
  [ConstantType.String, "text"],
  [ConstantType.Bytes, "text"],
]);

export const displayKinds: readonly (ContainerKind | undefined)[] = byKind<ContainerKind>([
  [K.Dict, "dict"],
  [K.DictComp, "dict"],
  [K.List, "list"],
  [K.ListComp, "list"],
  [K.Set, "set"],
  [K.SetComp, "set"],
  [K.GeneratorExp, "generator"],
  [K.JoinedStr, "text"],
  [K.Compare, "boolean"],
]);

export function constantValue(type: number): StaticValue {
  const kind = constantKinds.get(type);
  return kind ? { shape: containerShape(kind) } : unknownValue;
}
