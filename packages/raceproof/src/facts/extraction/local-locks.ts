// A local name that holds a lock made in the function in, whether another thread can get hold of that lock out.
// Misses: locks that leave through a container the function keeps to itself.
import { ExpressionContext, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";

/** Name for locksets of a local lock that nested functions or callees share; undefined when it never leaves its call. */
export function sharedLocalLock(evaluator: Evaluator, module: ModuleDeclaration, node: number): string | undefined {
  const { tree } = module;
  if (tree.kind[node] !== K.Name) return undefined;
  const name = nameOf(tree, node);
  let binder: FunctionDeclaration | undefined = evaluator.declarations.scopes.functionAround(module, node);
  while (binder && !binder.bindings.has(name)) binder = binder.parent;
  return binder && escapes(evaluator, binder, name) ? `${binder.qualifiedName}.${name}` : undefined;
}

/** The name is used for more than taking and releasing the lock, or in a nested function. */
function escapes(evaluator: Evaluator, binder: FunctionDeclaration, name: string): boolean {
  const { module, node: end } = binder;
  const { tree } = module;
  for (let node = tree.first[end] as number; node < end; node++) {
    if (tree.kind[node] !== K.Name || nameOf(tree, node) !== name || tree.detail[node] !== ExpressionContext.Load) continue;
    const parent = parentOf(tree, node);
    const taken = tree.kind[parent] === K.withitem || (tree.kind[parent] === K.Attribute && tree.role[node] === R.value);
    if (!taken || evaluator.declarations.scopes.functionAround(module, node) !== binder) return true;
  }
  return false;
}
