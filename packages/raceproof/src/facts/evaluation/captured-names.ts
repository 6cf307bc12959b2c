// A name that a nested function takes from the function around it in, the location it stands for out: what decorators and factories keep in
// a closure lives as long as the function they hand out, and everybody who calls that shares it.
// Misses: nested functions handed on through other names or kept in containers that are returned later; classes made in functions.
import { childWithRole, ExpressionContext, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { threadStartMethods, threadStarts } from "../../models/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import { containerKindOf } from "./static-value.ts";
import type { Place, StaticValue } from "./static-value.ts";

const mutable: ReadonlySet<string> = new Set(["dict", "list", "set", "deque", "heap", "iterator", "generator", "weak-values", "weak-keys", "weak-set"]);

/** `scope` uses the name, `binder` (a function around it) gives it its value. */
export function capturedPlace(scope: FunctionDeclaration, binder: FunctionDeclaration, name: string, value: StaticValue): Place | undefined {
  const ownState = value.fresh === true && mutable.has(containerKindOf(value.shape));
  if (value.place || !(ownState || isRebound(scope, binder, name))) return undefined;
  const kept = directlyInside(binder, scope);
  return kept && outlivesCall(kept) ? closurePlace(binder, name) : undefined;
}

/** `wrapper.calls`: an attribute of a function. */
export function functionAttributePlace(fn: FunctionDeclaration, name: string): Place | undefined {
  if (name.startsWith("__")) return undefined;
  const path = `${fn.name}.${name}`;
  if (fn.role === "function") return { ownerKind: "module", owner: fn.module.name, path, ownerName: fn.module.name.split(".").at(-1) ?? "", guessed: false };
  return fn.role === "nested" && fn.parent && outlivesCall(fn) ? closurePlace(fn.parent, path) : undefined;
}

/** A default that is a container is made once and shared by all calls that do not bring their own. */
export function defaultPlace(fn: FunctionDeclaration, parameter: string, value: StaticValue): Place | undefined {
  if (value.fresh !== true || !mutable.has(containerKindOf(value.shape)) || fn.parent || !isFilledIn(fn, parameter)) return undefined;
  const ownerName = fn.module.name.split(".").at(-1) ?? "";
  return { ownerKind: "module", owner: fn.module.name, path: `${fn.qualifiedName}.${parameter}`, ownerName, guessed: true };
}

/** What nobody puts anything into stays empty. */
function isFilledIn({ node: end, module: { tree } }: FunctionDeclaration, name: string): boolean {
  for (let node = tree.first[end] as number; node < end; node++) {
    if (tree.kind[node] !== K.Name || nameOf(tree, node) !== name) continue;
    const parent = parentOf(tree, node);
    if (tree.kind[parent] === K.Subscript && tree.role[node] === R.value && tree.detail[parent] === ExpressionContext.Store) return true;
    if (tree.kind[parent] === K.Attribute && fillers.has(nameOf(tree, parent))) return true;
  }
  return false;
}

const fillers: ReadonlySet<string> = new Set(["append", "add", "extend", "insert", "setdefault", "update"]);

function closurePlace(binder: FunctionDeclaration, path: string): Place {
  return {
    ownerKind: "instance",
    owner: `${binder.module.name}:${binder.qualifiedName}`,
    path,
    ownerName: binder.qualifiedName,
    guessed: false,
    captured: true,
  };
}

function isRebound(scope: FunctionDeclaration, binder: FunctionDeclaration, name: string): boolean {
  for (let fn: FunctionDeclaration | undefined = scope; fn && fn !== binder; fn = fn.parent) if (fn.nonlocals.has(name)) return true;
  return false;
}

function directlyInside(binder: FunctionDeclaration, scope: FunctionDeclaration): FunctionDeclaration | undefined {
  let fn: FunctionDeclaration | undefined = scope;
  while (fn && fn.parent !== binder) fn = fn.parent;
  return fn;
}

const known = new WeakMap<FunctionDeclaration, boolean>();

/** The function around it returns it, stores it in an attribute or container, or lets a thread run it. */
function outlivesCall(nested: FunctionDeclaration): boolean {
  let answer = known.get(nested);
  if (answer === undefined) known.set(nested, (answer = isHandedOut(nested)));
  return answer;
}

function isHandedOut({ name, parent, module: { tree } }: FunctionDeclaration): boolean {
  const end = parent?.node ?? -1;
  for (let node = end < 0 ? 0 : (tree.first[end] as number); node < end; node++) {
    if (tree.kind[node] !== K.Name || nameOf(tree, node) !== name || tree.detail[node] !== ExpressionContext.Load) continue;
    if (leavesThere(tree, node)) return true;
  }
  return false;
}

const displays: ReadonlySet<number | undefined> = new Set([K.Tuple, K.List, K.Dict]);

function leavesThere(tree: SyntaxTree, node: number): boolean {
  const parent = parentOf(tree, node);
  if (displays.has(tree.kind[parent])) return leavesThere(tree, parent);
  switch (tree.kind[parent]) {
    case K.Return:
      return true;
    case K.Assign:
      return tree.role[node] === R.value && isStored(tree, childWithRole(tree, parent, R.targets));
    case K.Call:
      return tree.role[node] === R.args && (startsThread(tree, parent) || (wrapsFunction(tree, parent) && leavesThere(tree, parent)));
    case K.keyword:
      return startsThread(tree, parentOf(tree, parent));
    default:
      return false;
  }
}

function isStored(tree: SyntaxTree, target: number): boolean {
  return tree.kind[target] === K.Attribute || tree.kind[target] === K.Subscript;
}

const starters: ReadonlySet<string> = new Set([...threadStarts.keys()].map((name) => name.slice(name.lastIndexOf(".") + 1)));

function startsThread(tree: SyntaxTree, call: number): boolean {
  const func = childWithRole(tree, call, R.func);
  const isMethod = tree.kind[func] === K.Attribute;
  const name = isMethod || tree.kind[func] === K.Name ? nameOf(tree, func) : "";
  return starters.has(name) || (isMethod && threadStartMethods.has(name));
}

const wrappers: ReadonlySet<string> = new Set(["update_wrapper", "partial", "property", "staticmethod", "classmethod", "cast", "contextmanager", "wraps"]);

/** `functools.wraps(function)(wrapper)`, `update_wrapper(wrapper, function)`: what comes back is, or calls, what was given. */
function wrapsFunction(tree: SyntaxTree, call: number): boolean {
  const func = childWithRole(tree, call, R.func);
  if (tree.kind[func] === K.Call) return true;
  return (tree.kind[func] === K.Name || tree.kind[func] === K.Attribute) && wrappers.has(nameOf(tree, func));
}
