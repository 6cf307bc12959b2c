// A call or operator in, its arguments and the functions of the program among them out.
import { childrenWithRole, childWithRole, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";

const noNodes: readonly number[] = [];
const noTexts: readonly string[] = [];

/** In source order within each kind: positional ones, then keywords. */
export function argumentsOf(tree: SyntaxTree, call: number): readonly number[] {
  const keywords = childrenWithRole(tree, call, R.keywords);
  const positional = childrenWithRole(tree, call, R.args);
  return keywords.length === 0 ? positional : [...positional, ...keywords];
}

/** What a dunder method gets beside the object: the key in `obj[key]`, the element in `element in obj`. */
export function operandsOf(tree: SyntaxTree, node: number): readonly number[] {
  if (tree.kind[node] === K.Subscript) return [childWithRole(tree, node, R.slice)];
  const parent = parentOf(tree, node);
  return tree.kind[parent] === K.Compare && tree.role[node] === R.comparators ? [childWithRole(tree, parent, R.left)] : noNodes;
}

/** Keys of the functions that arguments name: `target=self._run`, `callback`. */
export function functionsPassed(evaluator: Evaluator, module: ModuleDeclaration, passed: readonly number[]): readonly string[] {
  let found: string[] | undefined;
  for (const argument of passed) {
    const key = functionPassed(evaluator, module, argument);
    if (key === undefined) continue;
    if (found) found.push(key);
    else found = [key];
  }
  return found ?? noTexts;
}

function functionPassed(evaluator: Evaluator, module: ModuleDeclaration, argument: number): string | undefined {
  const { tree } = module;
  const value = tree.kind[argument] === K.keyword ? childWithRole(tree, argument, R.value) : argument;
  const kind = tree.kind[value];
  if (kind !== K.Name && kind !== K.Attribute) return undefined;
  const { shape } = evaluator.valueOf(module, value);
  return shape.kind === "function" ? shape.of.key : undefined;
}
