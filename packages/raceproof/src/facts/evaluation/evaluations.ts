// The kind of an expression in, how its value follows from those of its parts out.
import { childrenOf, childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { byKind } from "../declarations/by-kind.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import { attributeOf } from "./attribute-lookup.ts";
import { callResultOf } from "./call-results.ts";
import { elementOf, elementOfDisplay } from "./elements.ts";
import type { Evaluator } from "./evaluator.ts";
import { constantValue, displays, plainResults } from "./literals.ts";
import { containerShape, joinValues } from "./static-value.ts";
import type { StaticValue } from "./static-value.ts";

export type Evaluation = (evaluator: Evaluator, module: ModuleDeclaration, node: number) => StaticValue;

const throughValue: Evaluation = (evaluator, module, node) => evaluator.valueOf(module, childWithRole(module.tree, node, R.value));

export const evaluations: readonly (Evaluation | undefined)[] = byKind<Evaluation>([
  [K.Constant, (_evaluator, module, node) => constantValue(module.tree.detail[node] as number)],
  [K.Name, (evaluator, module, node) => evaluator.valueOfName(evaluator.declarations.scopes.functionAround(module, node), nameOf(module.tree, node))],
  [K.Attribute, (evaluator, module, node) => attributeOf(evaluator, throughValue(evaluator, module, node), nameOf(module.tree, node))],
  [K.Subscript, (evaluator, module, node) => elementOf(throughValue(evaluator, module, node), module, childWithRole(module.tree, node, R.slice))],
  [K.Call, callResultOf],
  [K.Tuple, (evaluator, module, node) => ({ shape: { kind: "tuple", elements: evaluator.valuesOf(module, childrenOf(module.tree, node)) } })],
  [
    K.IfExp,
    (evaluator, module, node) =>
      joinValues([evaluator.valueOf(module, childWithRole(module.tree, node, R.body)), evaluator.valueOf(module, childWithRole(module.tree, node, R.orelse))]),
  ],
  [K.BoolOp, (evaluator, module, node) => joinValues(evaluator.valuesOf(module, childrenWithRole(module.tree, node, R.values)))],
  [K.NamedExpr, throughValue],
  [K.Await, throughValue],
  [K.Starred, throughValue],
  [K.BinOp, (evaluator, module, node) => ({ shape: evaluator.valueOf(module, leftmostOperand(module.tree, node)).shape })],
  [K.UnaryOp, (evaluator, module, node) => ({ shape: evaluator.valueOf(module, childWithRole(module.tree, node, R.operand)).shape })],
  ...displays.map(([kind, container, role]): [number, Evaluation] => [
    kind,
    (evaluator, module, node) => ({ shape: containerShape(container, elementOfDisplay(evaluator, module, node, role)), fresh: true }),
  ]),
  ...plainResults.map(([kind, container]): [number, Evaluation] => {
    const value: StaticValue = { shape: containerShape(container), fresh: true };
    return [kind, () => value];
  }),
]);

function leftmostOperand(tree: SyntaxTree, node: number): number {
  let at = node;
  while (tree.kind[at] === K.BinOp) at = childWithRole(tree, at, R.left);
  return at;
}
