// Which struct the first object of a slot function really is: by its declared type, or by what the body casts it to.
import { childWithRole, CKind, CRole, nameOf } from "../../sources/index.ts";
import { readDeclarator, typeNameOf } from "./declarators.ts";
import type { DeclaredFunction } from "./declare-functions.ts";
import type { NativeTypeTable } from "./type-table.ts";

export function objectStructOf({ parameters, reader, body }: DeclaredFunction, types: NativeTypeTable): string | undefined {
  const first = parameters[0];
  if (first === undefined) return undefined;
  if (first.type.struct !== undefined) return first.type.struct;
  const { tree } = reader;
  for (let node = tree.first[body] as number; node < body; node++) {
    if (tree.kind[node] !== CKind.Cast) continue;
    const value = childWithRole(tree, node, CRole.value);
    if (value < 0 || tree.kind[value] !== CKind.Identifier || nameOf(tree, value) !== first.name) continue;
    const descriptor = childWithRole(tree, node, CRole.type);
    const { pointers } = readDeclarator(tree, childWithRole(tree, descriptor, CRole.declarator));
    const { struct } = types.resolve(types.typeNamed(typeNameOf(tree, descriptor), pointers));
    if (struct !== undefined) return struct;
  }
  return undefined;
}
