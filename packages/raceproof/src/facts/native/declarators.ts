// C declarators: the part of a declaration that says what a name is, read from the inside out.
// What enters: a declarator node. What leaves: its name, how many pointers and arrays stand around it, and its parameters if it is a function.
import { childrenWithRole, childWithRole, CKind, CRole, nameOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";

export interface Declarator {
  /** "" for an unnamed parameter. */
  readonly name: string;
  /** The Identifier node, -1 when unnamed. */
  readonly node: number;
  readonly pointers: number;
  readonly array: boolean;
  readonly reference: boolean;
  /** ParameterDeclaration nodes when it declares a function. */
  readonly parameters: readonly number[] | undefined;
  /** It is a pointer to a function. */
  readonly functionPointer: boolean;
}

/** @param node a declarator, an InitDeclarator around one, or -1 */
export function readDeclarator(tree: SyntaxTree, node: number): Declarator {
  let pointers = 0;
  let array = false;
  let reference = false;
  let parameters: readonly number[] | undefined;
  let functionPointer = false;
  let at = node;
  while (at >= 0) {
    const kind = tree.kind[at];
    if (kind === CKind.Identifier || kind === CKind.Qualified)
      return { name: nameOf(tree, at), node: at, pointers, array, reference, parameters, functionPointer };
    if (kind === CKind.PointerDeclarator) {
      if (parameters !== undefined) functionPointer = true;
      pointers++;
    } else if (kind === CKind.ArrayDeclarator) array = true;
    else if (kind === CKind.FunctionDeclarator) parameters = childrenWithRole(tree, at, CRole.parameter);
    else if (kind === CKind.ReferenceDeclarator) reference = true;
    else if (kind !== CKind.InitDeclarator) break;
    at = childWithRole(tree, at, CRole.declarator);
  }
  return { name: at >= 0 ? nameOf(tree, at) : "", node: at, pointers, array, reference, parameters, functionPointer };
}

/** The name a declaration node's type gives: "PyObject", "struct _keys", "" for an unnamed struct. */
export function typeNameOf(tree: SyntaxTree, declaration: number): string {
  const type = childWithRole(tree, declaration, CRole.type);
  if (type < 0) return "";
  const name = nameOf(tree, type);
  const kind = tree.kind[type];
  return (kind === CKind.StructSpecifier || kind === CKind.UnionSpecifier || kind === CKind.EnumSpecifier) && name !== "" ? `struct ${name}` : name;
}
