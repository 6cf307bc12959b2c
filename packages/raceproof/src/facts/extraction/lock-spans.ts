// A statement in, the locks held after it out: acquire() and release() spans that use no `with`.
// Misses: locks released in another function, and branches that release on one side only (the statement's own block decides).
import { childrenWithRole, childWithRole, nameOf, parentOf, PythonKind as K, PythonOperator, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { Lockset } from "../../vocabulary/index.ts";
import { lockset } from "../../vocabulary/index.ts";
import type { FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import { bindingsIn } from "../evaluation/bindings-in.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { halfLocked, handlesLocks } from "./lent-locks.ts";
import { takes } from "./locks-around.ts";
import { lockOf } from "./locks.ts";

/** Locks held by the statement that follows `statement` in its block. */
export function locksAfter(evaluator: Evaluator, module: ModuleDeclaration, statement: number, before: Lockset): Lockset {
  const { tree } = module;
  switch (tree.kind[statement]) {
    case K.Expr:
      return locksAfterCall(evaluator, module, childWithRole(tree, statement, R.value), before);
    case K.Try:
    case K.TryStar:
      return childrenWithRole(tree, statement, R.finalbody).reduce((held, last) => locksAfter(evaluator, module, last, held), before);
    case K.If:
      return withLock(before, refusedLock(evaluator, module, statement));
    default:
      return before;
  }
}

/** `lock.acquire()`, `stack.enter_context(lock)`, or a call of a function that does only one half of it: `self._enter()`. */
function locksAfterCall(evaluator: Evaluator, module: ModuleDeclaration, call: number, before: Lockset): Lockset {
  const { tree } = module;
  const func = tree.kind[call] === K.Call ? childWithRole(tree, call, R.func) : -1;
  if (func < 0) return before;
  switch (nameOf(tree, func)) {
    case "acquire":
    case "__enter__":
      return withLock(before, lockIn(evaluator, module, call, nameOf(tree, func)));
    case "release":
    case "__exit__":
      return withoutLock(before, lockIn(evaluator, module, call, nameOf(tree, func)));
    case "enter_context":
      return withLock(before, lockOf(evaluator, module, childrenWithRole(tree, call, R.args)[0] ?? -1));
    default: {
      const { shape } = evaluator.valueOf(module, func);
      return shape.kind === "function" ? locksAfterHalves(evaluator, shape.of, before) : before;
    }
  }
}

function locksAfterHalves(evaluator: Evaluator, callee: FunctionDeclaration, before: Lockset): Lockset {
  if (!handlesLocks(evaluator, callee)) return before;
  const released = halfLocked(evaluator, callee, (method) => !takes(method));
  return lockset([...before.filter((lock) => !released.includes(lock)), ...halfLocked(evaluator, callee, takes)]);
}

/** `if lock.acquire(timeout=1): ...`: held inside; `if not lock.acquire(False): ... else: ...`: held in the else block. */
export function locksInside(evaluator: Evaluator, module: ModuleDeclaration, first: number, before: Lockset): Lockset {
  const { tree } = module;
  const branch = parentOf(tree, first);
  if (tree.kind[branch] !== K.If) return before;
  const test = childWithRole(tree, branch, R.test);
  if (tree.role[first] === R.body) return withLock(before, lockIn(evaluator, module, test, "acquire"));
  const negated = tree.kind[test] === K.UnaryOp && tree.detail[test] === PythonOperator.Not;
  return negated ? withLock(before, lockIn(evaluator, module, childWithRole(tree, test, R.operand), "acquire")) : before;
}

/** `if not lock.acquire(blocking=False): return`: held afterwards. */
function refusedLock(evaluator: Evaluator, module: ModuleDeclaration, branch: number): string | undefined {
  const { tree } = module;
  const test = childWithRole(tree, branch, R.test);
  if (tree.kind[test] !== K.UnaryOp || tree.detail[test] !== PythonOperator.Not) return undefined;
  const last = childrenWithRole(tree, branch, R.body).at(-1) ?? -1;
  return leavesBlock(tree, last) ? lockIn(evaluator, module, childWithRole(tree, test, R.operand), "acquire") : undefined;
}

function leavesBlock(tree: SyntaxTree, statement: number): boolean {
  const kind = tree.kind[statement];
  return kind === K.Return || kind === K.Raise || kind === K.Continue || kind === K.Break;
}

/** `taken = lock.acquire(timeout=1)`, `(taken := lock.acquire(timeout=1))`: the call whose answer is asked. */
function answeredCall(evaluator: Evaluator, module: ModuleDeclaration, node: number): number {
  const { tree } = module;
  if (tree.kind[node] === K.NamedExpr) return childWithRole(tree, node, R.value);
  if (tree.kind[node] !== K.Name) return node;
  const scope = evaluator.declarations.scopes.functionAround(module, node);
  const [binding, other] = bindingsIn(evaluator, scope, nameOf(tree, node)) ?? [];
  return binding?.kind === "assign" && binding.path.length === 0 && other === undefined ? binding.value : node;
}

function lockIn(evaluator: Evaluator, module: ModuleDeclaration, answer: number, method: string): string | undefined {
  const { tree } = module;
  const call = answeredCall(evaluator, module, answer);
  const func = tree.kind[call] === K.Call ? childWithRole(tree, call, R.func) : -1;
  if (tree.kind[func] !== K.Attribute || nameOf(tree, func) !== method) return undefined;
  return lockOf(evaluator, module, childWithRole(tree, func, R.value));
}

function withLock(held: Lockset, lock: string | undefined): Lockset {
  return lock === undefined ? held : lockset([...held, lock]);
}

function withoutLock(held: Lockset, lock: string | undefined): Lockset {
  return lock === undefined ? held : held.filter((each) => each !== lock);
}
