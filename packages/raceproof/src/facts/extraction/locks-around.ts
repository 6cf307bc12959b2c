// A function and a kind of node in, the locks held at every such node by the function's own statements out: with, acquire before it.
// Misses: locks that only one branch in between takes or releases (the blocks around the node decide).
import { childrenWithRole, childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { Lockset } from "../../vocabulary/index.ts";
import { intersectLocksets, lockset, noLocks } from "../../vocabulary/index.ts";

/** Name for locksets of a lock expression, as seen from where the function is used. */
export type LockNaming = (node: number) => string | undefined;

interface Body {
  readonly tree: SyntaxTree;
  /** Node of the function. */
  readonly node: number;
}

export function locksAroundAll(body: Body, wanted: (node: number) => boolean, naming: LockNaming): Lockset {
  let common: Lockset | undefined;
  for (let node = body.tree.first[body.node] as number; node < body.node; node++) {
    if (!wanted(node)) continue;
    const held = locksAround(body, node, naming);
    common = common === undefined ? held : intersectLocksets(common, held);
    if (common.length === 0) return common;
  }
  return common ?? noLocks;
}

function locksAround({ tree, node: end }: Body, node: number, naming: LockNaming): Lockset {
  const held: string[] = [];
  for (let at = node; at >= 0 && at !== end; at = parentOf(tree, at)) {
    if (tree.kind[at] === K.With) held.push(...locksOfItems(tree, at, naming));
    held.push(...locksTakenBefore(tree, at, naming));
  }
  return lockset(held);
}

function locksOfItems(tree: SyntaxTree, statement: number, naming: LockNaming): string[] {
  return childrenWithRole(tree, statement, R.items).flatMap((item) => naming(childWithRole(tree, item, R.context_expr)) ?? []);
}

/** Acquired and not yet released by the statements before this one in its block. */
function locksTakenBefore(tree: SyntaxTree, at: number, naming: LockNaming): ReadonlySet<string> {
  const held = new Set<string>();
  if (tree.role[at] !== R.body) return held;
  for (const statement of childrenWithRole(tree, parentOf(tree, at), R.body)) {
    if (statement === at) break;
    for (const each of [statement, ...childrenWithRole(tree, statement, R.finalbody)]) applyStatement(tree, each, naming, held);
  }
  return held;
}

function applyStatement(tree: SyntaxTree, statement: number, naming: LockNaming, held: Set<string>): void {
  const taken = methodCallIn(tree, statement);
  const lock = taken && lockMethods.has(taken.method) ? naming(taken.receiver) : undefined;
  if (lock === undefined) return;
  if (takes(taken?.method ?? "")) held.add(lock);
  else held.delete(lock);
}

const lockMethods: ReadonlySet<string> = new Set(["acquire", "__enter__", "release", "__exit__"]);

export function takes(method: string): boolean {
  return method === "acquire" || method === "__enter__";
}

/** `receiver.method(...)` as a statement of its own, or returned. */
export function methodCallIn(tree: SyntaxTree, statement: number): { readonly method: string; readonly receiver: number } | undefined {
  const call = tree.kind[statement] === K.Expr || tree.kind[statement] === K.Return ? childWithRole(tree, statement, R.value) : -1;
  const func = tree.kind[call] === K.Call ? childWithRole(tree, call, R.func) : -1;
  return tree.kind[func] === K.Attribute ? { method: nameOf(tree, func), receiver: childWithRole(tree, func, R.value) } : undefined;
}
