// A function or lambda node in, its parameters out, in order, with annotation and default.
import { childrenOf, childWithRole, nameOf, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { ParameterDeclaration } from "./declarations.ts";

const parameterKinds: ReadonlyMap<number, ParameterDeclaration["kind"]> = new Map([
  [R.posonlyargs, "positional-only"],
  [R.args, "positional"],
  [R.vararg, "var-positional"],
  [R.kwonlyargs, "keyword-only"],
  [R.kwarg, "var-keyword"],
]);

export function declareParameters(tree: SyntaxTree, node: number): ParameterDeclaration[] {
  const parameters: ParameterDeclaration[] = [];
  for (const child of childrenOf(tree, node)) {
    const role = tree.role[child] as number;
    const last = parameters.at(-1);
    if ((role === R.defaults || role === R.kw_defaults) && last) parameters[last.index] = { ...last, default: child };
    const kind = parameterKinds.get(role);
    if (!kind) continue;
    const annotation = childWithRole(tree, child, R.annotation);
    parameters.push({ name: nameOf(tree, child), node: child, annotation, default: -1, kind, index: parameters.length });
  }
  return parameters;
}
