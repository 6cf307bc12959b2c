// A function or lambda node in, its parameters out, in order, with annotation and default.
import { childWithRole, linksOf, nameOf, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { byKind } from "./by-kind.ts";
import type { ParameterDeclaration } from "./declarations.ts";

/** By role. */
const parameterKinds: readonly (ParameterDeclaration["kind"] | undefined)[] = byKind<ParameterDeclaration["kind"]>([
  [R.posonlyargs, "positional-only"],
  [R.args, "positional"],
  [R.vararg, "var-positional"],
  [R.kwonlyargs, "keyword-only"],
  [R.kwarg, "var-keyword"],
]);

export function declareParameters(tree: SyntaxTree, node: number): ParameterDeclaration[] {
  const parameters: ParameterDeclaration[] = [];
  const { firstChild, nextSibling } = linksOf(tree);
  for (let child = firstChild[node] as number; child >= 0; child = nextSibling[child] as number) {
    const kind = parameterKinds[tree.role[child] as number];
    if (kind === undefined) continue;
    const annotation = childWithRole(tree, child, R.annotation);
    const next = nextSibling[child] as number;
    const isDefault = tree.role[next] === R.defaults || tree.role[next] === R.kw_defaults;
    parameters.push({ name: nameOf(tree, child), node: child, annotation, default: isDefault ? next : -1, kind, index: parameters.length });
  }
  return parameters;
}
