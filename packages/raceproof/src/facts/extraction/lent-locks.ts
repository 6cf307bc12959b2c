// Functions that hold a lock on behalf of others in, the locks they lend out: decorators and
// base classes around a call, context managers around a yield.
// Misses: decorators from outside the program, decorator classes, locks passed as arguments (they keep the parameter's name).
import { childrenWithRole, childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import { lockedHooks } from "../../models/index.ts";
import type { Lockset } from "../../vocabulary/index.ts";
import { lockset } from "../../vocabulary/index.ts";
import { declaringClass, extendsExternal, findMethod } from "../evaluation/class-hierarchy.ts";
import type { ClassDeclaration, FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { lockOf } from "./locks.ts";

/** Locks held around every call of a function: by its decorators, or by the base class that calls it. */
export function locksAroundCallsOf(evaluator: Evaluator, fn: FunctionDeclaration): Lockset {
  const held = locksOfBase(evaluator, fn);
  for (const decorator of childrenWithRole(fn.module.tree, fn.node, R.decorator_list)) {
    const { shape } = evaluator.valueOf(fn.module, decorator);
    if (shape.kind === "function") held.push(...locksOfDecorator(evaluator, shape.of, fn.owner));
  }
  return lockset(held);
}

function locksOfBase(evaluator: Evaluator, { owner, name, role }: FunctionDeclaration): string[] {
  if (!owner || role !== "method") return [];
  return lockedHooks
    .filter((row) => row.methods.includes(name) && extendsExternal(evaluator, owner, row.base))
    .map((row) => `${declaringClass(evaluator, owner, row.lock).qualifiedName}.${row.lock}`);
}

/** Locks of the `with` statements in the wrapper that surround the call of the decorated function. */
function locksOfDecorator(evaluator: Evaluator, decorator: FunctionDeclaration, owner: ClassDeclaration | undefined): string[] {
  const wrapped = decorator.parameters[0]?.name;
  const wrapper = [...decorator.bindings.values()].flat().find((binding) => binding.kind === "function");
  if (wrapped === undefined || wrapper?.kind !== "function") return [];
  const isCall = (tree: ModuleDeclaration["tree"], node: number): boolean =>
    tree.kind[node] === K.Call && nameOf(tree, childWithRole(tree, node, R.func)) === wrapped;
  return locksAroundFirst(evaluator, wrapper.declaration, owner, isCall);
}

/** `with self.locked():` holds what the generator `locked` holds where it yields; `with self:` what `__enter__` acquires. */
export function managerLocksOf(evaluator: Evaluator, module: ModuleDeclaration, manager: number): readonly string[] {
  const { tree } = module;
  if (tree.kind[manager] === K.Call) {
    const { shape } = evaluator.valueOf(module, childWithRole(tree, manager, R.func));
    if (shape.kind !== "function" || shape.of.yields.length === 0) return [];
    return locksAroundFirst(evaluator, shape.of, shape.of.owner, (inside, node) => inside.kind[node] === K.Yield);
  }
  const { shape } = evaluator.valueOf(module, manager);
  const enter = shape.kind === "instance" ? findMethod(evaluator, shape.of, "__enter__").at(-1) : undefined;
  return enter ? locksAcquiredIn(evaluator, enter) : [];
}

type Wanted = (tree: ModuleDeclaration["tree"], node: number) => boolean;

function locksAroundFirst(evaluator: Evaluator, fn: FunctionDeclaration, owner: ClassDeclaration | undefined, wanted: Wanted): string[] {
  const { tree } = fn.module;
  let node = tree.first[fn.node] as number;
  while (node < fn.node && !wanted(tree, node)) node++;
  const held: string[] = [];
  for (let at = node; at >= 0 && at !== fn.node; at = parentOf(tree, at)) {
    if (tree.kind[at] !== K.With) continue;
    for (const item of childrenWithRole(tree, at, R.items)) {
      const lock = lockSeenFrom(evaluator, fn, owner, childWithRole(tree, item, R.context_expr));
      if (lock !== undefined) held.push(lock);
    }
  }
  return held;
}

function locksAcquiredIn(evaluator: Evaluator, fn: FunctionDeclaration): string[] {
  const { tree } = fn.module;
  return childrenWithRole(tree, fn.node, R.body).flatMap((statement) => {
    const call = tree.kind[statement] === K.Expr ? childWithRole(tree, statement, R.value) : -1;
    const func = tree.kind[call] === K.Call ? childWithRole(tree, call, R.func) : -1;
    const acquires = tree.kind[func] === K.Attribute && /^(acquire|__enter__)$/.test(nameOf(tree, func));
    const lock = acquires ? lockOf(evaluator, fn.module, childWithRole(tree, func, R.value)) : undefined;
    return lock === undefined ? [] : [lock];
  });
}

/** `self.lock` in a wrapper is the decorated method's own lock: named as a `with self.lock` in that class would name it. */
function lockSeenFrom(evaluator: Evaluator, fn: FunctionDeclaration, owner: ClassDeclaration | undefined, node: number): string | undefined {
  const { tree } = fn.module;
  const receiver = childWithRole(tree, node, R.value);
  const onReceiver = tree.kind[node] === K.Attribute && tree.kind[receiver] === K.Name && nameOf(tree, receiver) === fn.parameters[0]?.name;
  if (!onReceiver || !owner) return lockOf(evaluator, fn.module, node);
  const attribute = nameOf(tree, node);
  return `${declaringClass(evaluator, owner, attribute).qualifiedName}.${attribute}`;
}
