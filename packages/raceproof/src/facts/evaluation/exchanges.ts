// The value of an assignment in, what the name gets out: what an attribute held is taken over by `old = self.items` and `self.items = []`
// inside one `with lock:`. From there on the old object belongs to this thread. Misses: exchanges between acquire() and release().
import { childrenWithRole, childWithRole, ExpressionContext, parentOf, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import type { StaticValue } from "./static-value.ts";

/** What is taken over is no longer at the place it came from. */
export function valueTaken(evaluator: Evaluator, module: ModuleDeclaration, node: number): StaticValue {
  const value = evaluator.valueOf(module, node);
  return value.place && isTakenOver(evaluator, module, node) ? { shape: value.shape, fresh: true } : value;
}

function isTakenOver(evaluator: Evaluator, module: ModuleDeclaration, value: number): boolean {
  const { tree } = module;
  if (tree.kind[value] !== K.Attribute || tree.kind[parentOf(tree, value)] !== K.Assign) return false;
  const span = withAround(tree, value);
  if (span < 0 || !replacedAfter(tree, span, value)) return false;
  return childrenWithRole(tree, span, R.items).some((item) => isLock(evaluator, module, childWithRole(tree, item, R.context_expr)));
}

function withAround(tree: SyntaxTree, node: number): number {
  for (let at = parentOf(tree, node); at >= 0; at = parentOf(tree, at)) {
    if (tree.kind[at] === K.With) return at;
    if (tree.kind[at] === K.FunctionDef || tree.kind[at] === K.Lambda) return -1;
  }
  return -1;
}

function replacedAfter(tree: SyntaxTree, span: number, value: number): boolean {
  const text = textOf(tree, value);
  for (let node = value + 1; node < span; node++) {
    if (tree.kind[node] === K.Attribute && tree.detail[node] === ExpressionContext.Store && textOf(tree, node) === text) return true;
  }
  return false;
}

function isLock(evaluator: Evaluator, module: ModuleDeclaration, manager: number): boolean {
  const { shape } = evaluator.valueOf(module, manager);
  return (shape.kind === "container" && shape.container === "lock") || /lock|mutex|cond/i.test(textOf(module.tree, manager));
}
