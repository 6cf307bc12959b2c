// Functions that hold a lock on behalf of others in, the locks they lend out: decorators and
// base classes around a call, context managers around a yield, functions that acquire and leave the release to another.
// Misses: decorators from outside the program that are not known to lock, decorator classes, locks chosen by computed names.
import {
  childBefore,
  childrenWithRole,
  childWithRole,
  lastChildOf,
  nameOf,
  PythonKind as K,
  PythonRole as R,
  stringValueOf,
  textOf,
} from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { lockedHooks } from "../../models/index.ts";
import type { Lockset } from "../../vocabulary/index.ts";
import { lockset } from "../../vocabulary/index.ts";
import { declaringClass, extendsExternal, findMethod } from "../evaluation/class-hierarchy.ts";
import type { ClassDeclaration, FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { locksAroundAll, methodCallIn, takes } from "./locks-around.ts";
import type { LockNaming } from "./locks-around.ts";
import { lockOf } from "./locks.ts";
import { lockOfForeignDecorator, lockOfForeignManager } from "./object-locks.ts";

/** Locks held around every call of a function: by its decorators, or by the base class that calls it. */
export function locksAroundCallsOf(evaluator: Evaluator, fn: FunctionDeclaration): Lockset {
  const held = locksOfBase(evaluator, fn);
  for (const decorator of childrenWithRole(fn.module.tree, fn.node, R.decorator_list)) held.push(...locksOfDecorator(evaluator, fn, decorator));
  return lockset(held);
}

function locksOfBase(evaluator: Evaluator, { owner, name, role }: FunctionDeclaration): string[] {
  if (!owner || role !== "method") return [];
  return lockedHooks
    .filter((row) => row.methods.includes(name) && extendsExternal(evaluator, owner, row.base))
    .map((row) => `${declaringClass(evaluator, owner, row.lock).qualifiedName}.${row.lock}`);
}

/** Locks that surround the call of the decorated function in the wrapper that the decorator returns. */
function locksOfDecorator(evaluator: Evaluator, decorated: FunctionDeclaration, node: number): Lockset {
  const { shape } = evaluator.valueOf(decorated.module, node);
  const foreign = shape.kind === "function" ? undefined : lockOfForeignDecorator(evaluator, decorated, node);
  if (foreign !== undefined) return [foreign];
  if (shape.kind !== "function") return [];
  const decorator = shape.of;
  const wrapped = decorator.parameters[0]?.name;
  const wrapper = [...decorator.bindings.values()].flat().find((binding) => binding.kind === "function");
  if (wrapped === undefined || wrapper?.kind !== "function") return [];
  const { declaration } = wrapper;
  const { tree } = declaration.module;
  const isCall = (at: number): boolean => tree.kind[at] === K.Call && nameOf(tree, childWithRole(tree, at, R.func)) === wrapped;
  return locksAroundAll({ tree, node: declaration.node }, isCall, wrapperNaming(evaluator, { wrapper: declaration, decorator, decorated, node }));
}

interface Decoration {
  readonly wrapper: FunctionDeclaration;
  readonly decorator: FunctionDeclaration;
  readonly decorated: FunctionDeclaration;
  /** The decorator's expression at the decorated function. */
  readonly node: number;
}

/** `self.lock` in a wrapper is the decorated method's own; a parameter of the decorator's factory is what was passed for it. */
function wrapperNaming(evaluator: Evaluator, decoration: Decoration): LockNaming {
  const { wrapper, decorated } = decoration;
  const { tree } = wrapper.module;
  return (node) => {
    const attribute = attributeOfReceiver(decoration, node);
    if (attribute !== undefined && decorated.owner) return lockOfAttribute(evaluator, decorated.owner, attribute);
    const argument = tree.kind[node] === K.Name ? argumentGiven(decoration, nameOf(tree, node)) : -1;
    return argument >= 0 ? lockOf(evaluator, decorated.module, argument) : lockOf(evaluator, wrapper.module, node);
  };
}

/** Named as a `with self.lock` in that class would name it. */
function lockOfAttribute(evaluator: Evaluator, owner: ClassDeclaration, attribute: string): string {
  return `${declaringClass(evaluator, owner, attribute).qualifiedName}.${attribute}`;
}

/** `self.lock`, `getattr(self, "lock")` or `getattr(self, name)` with a name that the decoration passes. */
function attributeOfReceiver(decoration: Decoration, node: number): string | undefined {
  const { wrapper, decorated } = decoration;
  const { tree } = wrapper.module;
  const isReceiver = (at: number): boolean => tree.kind[at] === K.Name && nameOf(tree, at) === wrapper.parameters[0]?.name;
  if (tree.kind[node] === K.Attribute) return isReceiver(childWithRole(tree, node, R.value)) ? nameOf(tree, node) : undefined;
  const [object, name] =
    tree.kind[node] === K.Call && nameOf(tree, childWithRole(tree, node, R.func)) === "getattr" ? childrenWithRole(tree, node, R.args) : [];
  if (object === undefined || name === undefined || !isReceiver(object)) return undefined;
  if (tree.kind[name] !== K.Name) return stringValueOf(tree, name);
  const argument = argumentGiven(decoration, nameOf(tree, name));
  return argument >= 0 ? stringValueOf(decorated.module.tree, argument) : undefined;
}

/** What `@factory(argument)` passes for a parameter of the function around the decorator, or -1. */
function argumentGiven({ decorator, decorated, node }: Decoration, name: string): number {
  const { tree } = decorated.module;
  const index = decorator.parent?.parameters.find((parameter) => parameter.name === name)?.index;
  if (index === undefined || tree.kind[node] !== K.Call) return -1;
  const keyword = childrenWithRole(tree, node, R.keywords).find((each) => nameOf(tree, each) === name);
  return keyword === undefined ? (childrenWithRole(tree, node, R.args)[index] ?? -1) : childWithRole(tree, keyword, R.value);
}

/** `with self.locked():` holds what the generator `locked` holds wherever it yields; `with self:` what `__enter__` acquires. */
export function managerLocksOf(evaluator: Evaluator, module: ModuleDeclaration, manager: number): readonly string[] {
  const { tree } = module;
  if (tree.kind[manager] === K.Call) {
    const { shape } = evaluator.valueOf(module, childWithRole(tree, manager, R.func));
    const foreign = shape.kind === "external" ? lockOfForeignManager(evaluator, module, manager) : undefined;
    if (foreign !== undefined) return [foreign];
    if (shape.kind !== "function" || shape.of.yields.length === 0) return [];
    const { of } = shape;
    const inside = of.module.tree;
    return locksAroundAll({ tree: inside, node: of.node }, (node) => inside.kind[node] === K.Yield, naming(evaluator, of));
  }
  const { shape } = evaluator.valueOf(module, manager);
  const enter = shape.kind === "instance" ? findMethod(evaluator, shape.of, "__enter__").at(-1) : undefined;
  return enter ? leftLocked(evaluator, enter, takes) : [];
}

function naming(evaluator: Evaluator, fn: FunctionDeclaration): LockNaming {
  return (node) => lockOf(evaluator, fn.module, node);
}

/** A statement of the function's own takes or releases something that may be a lock. */
export function handlesLocks({ memos }: Evaluator, fn: FunctionDeclaration): boolean {
  let handles = memos.lockHandlers.get(fn);
  if (handles === undefined) memos.lockHandlers.set(fn, (handles = namesLockMethod(fn)));
  return handles;
}

function namesLockMethod({ module: { tree }, node }: FunctionDeclaration): boolean {
  for (let child = lastChildOf(tree, node); child >= 0; child = childBefore(tree, node, child)) {
    if (tree.role[child] === R.body && lockMethod.test(methodCallIn(tree, unconditional(tree, child))?.method ?? "")) return true;
  }
  return false;
}

/** Locks that a function only takes, or only releases: the other half is somebody else's. */
export function halfLocked(evaluator: Evaluator, fn: FunctionDeclaration, wanted: (method: string) => boolean): string[] {
  const locks = leftLocked(evaluator, fn, wanted);
  const { tree } = fn.module;
  if (locks.length === 0) return locks;
  for (let node = tree.first[fn.node] as number; node < fn.node; node++) {
    if (tree.kind[node] === K.Attribute && lockMethod.test(nameOf(tree, node)) && !wanted(nameOf(tree, node))) return [];
  }
  return locks;
}

const lockMethod = /^(acquire|release|__enter__|__exit__)$/;

/** `if _lock: _lock.acquire()`: where there is no lock yet, there are no threads yet. */
function unconditional(tree: SyntaxTree, statement: number): number {
  if (tree.kind[statement] !== K.If) return statement;
  const [only, second] = childrenWithRole(tree, statement, R.body);
  const call = only === undefined || second !== undefined ? undefined : methodCallIn(tree, only);
  const asked = textOf(tree, childWithRole(tree, statement, R.test));
  const lock = call ? textOf(tree, call.receiver) : undefined;
  return lock !== undefined && (asked === lock || asked === `${lock} is not None`) ? (only as number) : statement;
}

/** Locks that the function's own statements take and do not release, or release and do not take. */
function leftLocked(evaluator: Evaluator, fn: FunctionDeclaration, wanted: (method: string) => boolean): string[] {
  const { tree } = fn.module;
  const left = new Set<string>();
  for (const statement of childrenWithRole(tree, fn.node, R.body)) {
    const call = methodCallIn(tree, unconditional(tree, statement));
    if (!call || !lockMethod.test(call.method)) continue;
    const lock = lockOf(evaluator, fn.module, call.receiver);
    if (lock === undefined) continue;
    if (wanted(call.method)) left.add(lock);
    else left.delete(lock);
  }
  return [...left];
}
