// An access path in, the name it begins with out.
import { childWithRole, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";

/** The Name at the left end of an access path, or undefined when it starts with a call. */
export function rootNameOf(tree: SyntaxTree, node: number): number | undefined {
  let at = node;
  while (tree.kind[at] === K.Attribute || tree.kind[at] === K.Subscript) at = childWithRole(tree, at, R.value);
  return tree.kind[at] === K.Name ? at : undefined;
}
