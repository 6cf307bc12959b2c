// A decorated function in, the locks its decorators hold around every call out: `@synchronized` inferred from the decorator's body.
// Misses: decorators from outside the program, decorator classes, locks passed to the decorator as arguments.
import { childrenOf, childrenWithRole, childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../sources/index.ts";
import type { Lockset } from "../vocabulary/index.ts";
import { lockset } from "../vocabulary/index.ts";
import type { Declarations } from "./collect-declarations.ts";
import type { FunctionDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { lockOf } from "./locks.ts";

export function decoratorLocksOf(evaluator: Evaluator, declarations: Declarations, fn: FunctionDeclaration): Lockset {
  const { module } = fn;
  const held: string[] = [];
  for (const decorator of childrenWithRole(module.tree, fn.node, R.decorator_list)) {
    const { shape } = evaluator.valueOf(module, decorator);
    if (shape.kind === "function") held.push(...locksAroundCall(evaluator, declarations, shape.of, fn));
  }
  return lockset(held);
}

/** Locks of the `with` statements in the wrapper that surround the call of the decorated function. */
function locksAroundCall(evaluator: Evaluator, declarations: Declarations, decorator: FunctionDeclaration, fn: FunctionDeclaration): string[] {
  const wrapped = decorator.parameters[0]?.name;
  const wrapper = declarations.functions.find((each) => each.parent === decorator);
  if (wrapped === undefined || !wrapper) return [];
  const call = findCallOf(wrapper, wrapped);
  const held: string[] = [];
  const { tree } = wrapper.module;
  for (let at = call; at >= 0 && at !== wrapper.node; at = parentOf(tree, at)) {
    if (tree.kind[at] !== K.With) continue;
    for (const item of childrenWithRole(tree, at, R.items)) held.push(...lockOnReceiver(evaluator, wrapper, childWithRole(tree, item, R.context_expr), fn));
  }
  return held;
}

function findCallOf(wrapper: FunctionDeclaration, name: string): number {
  const { tree } = wrapper.module;
  const visit = (node: number): number => {
    if (tree.kind[node] === K.Call && nameOf(tree, childWithRole(tree, node, R.func)) === name) return node;
    for (const child of childrenOf(tree, node)) {
      const found = visit(child);
      if (found >= 0) return found;
    }
    return -1;
  };
  return visit(wrapper.node);
}

/** `self.lock` in the wrapper is the decorated method's own lock: named as a `with self.lock` in that class would name it. */
function lockOnReceiver(evaluator: Evaluator, wrapper: FunctionDeclaration, node: number, fn: FunctionDeclaration): string[] {
  const { tree } = wrapper.module;
  const receiver = childWithRole(tree, node, R.value);
  const onReceiver = tree.kind[node] === K.Attribute && tree.kind[receiver] === K.Name && nameOf(tree, receiver) === wrapper.parameters[0]?.name;
  if (onReceiver && fn.owner) return [`${fn.owner.qualifiedName}.${nameOf(tree, node)}`];
  const lock = lockOf(evaluator, wrapper.module, node);
  return lock === undefined ? [] : [lock];
}
