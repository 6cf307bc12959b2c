// The class that a function of C++ is a method of: the one whose body it stands in, or the one its name says.
// What enters: a FunctionDefinition. What leaves: the class's struct. Misses: classes of namespaces with one name.
import { childWithRole, CKind, CRole, nameOf, parentOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { NativeTypeTable } from "./type-table.ts";

export function ownerOfMethod(tree: SyntaxTree, node: number, types: NativeTypeTable): string | undefined {
  if (tree.kind[node] !== CKind.FunctionDefinition) return undefined;
  const around = tree.kind[parentOf(tree, node)] === CKind.Template ? parentOf(tree, parentOf(tree, node)) : parentOf(tree, node);
  const kind = tree.kind[around];
  const named = kind === CKind.ClassSpecifier || kind === CKind.StructSpecifier ? nameOf(tree, around) : scopeOf(tree, node);
  return named === undefined || named === "" ? undefined : types.resolve(types.typeNamed(named, 0)).struct;
}

/** The `Stack` of `void ns::Stack::push()`. */
function scopeOf(tree: SyntaxTree, node: number): string | undefined {
  let at = childWithRole(tree, node, CRole.declarator);
  while (at >= 0 && tree.kind[at] !== CKind.Qualified) at = childWithRole(tree, at, CRole.declarator);
  let scope: number | undefined;
  for (let inner = at; inner >= 0 && tree.kind[inner] === CKind.Qualified; inner = childWithRole(tree, inner, CRole.value))
    scope = childWithRole(tree, inner, CRole.scope);
  return scope === undefined || scope < 0 ? undefined : nameOf(tree, scope);
}
