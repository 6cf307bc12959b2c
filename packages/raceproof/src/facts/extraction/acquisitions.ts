// A with statement or a call of acquire() in, the places where locks are taken there out.
// Misses: `async with` (tasks wait there, threads do not), locks that __enter__ of another object takes under a computed name.
import { childrenWithRole, childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import type { Lockset } from "../../vocabulary/index.ts";
import { joinLocksets, lockset } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { managerLocksOf } from "./lent-locks.ts";
import { lockKindOf } from "./lock-kinds.ts";
import type { LockKind } from "./lock-kinds.ts";
import { lockOf } from "./locks.ts";
import type { ExtractedAcquisition } from "../module-facts.ts";
import type { Surroundings } from "./raw-facts.ts";
import { heldSpanOf } from "./release-paths.ts";
import type { HeldSpan } from "./release-paths.ts";
import { shortTextOf, spanOf } from "../declarations/source-text.ts";

type Taken = HeldSpan & LockKind & Pick<ExtractedAcquisition, "lock" | "how" | "blocks" | "held">;

/** Locks of a with statement's items, in order; each item's lock is held by the next. */
export function acquisitionsOfWith(evaluator: Evaluator, fn: FunctionDeclaration, node: number, around: Surroundings): ExtractedAcquisition[] {
  const { module } = fn;
  const { tree } = module;
  const out: ExtractedAcquisition[] = [];
  let held = around.locks;
  for (const item of childrenWithRole(tree, node, R.items)) {
    const manager = childWithRole(tree, item, R.context_expr);
    for (const { lock, ...kind } of locksTakenBy(evaluator, fn, manager)) {
      const taken: Taken = { ...kind, lock, how: "with", blocks: true, held, until: tree.end[node] as number, released: "always" };
      out.push(acquisitionFact(fn, manager, node, taken));
      held = kind.ownerKind === "call" ? held : joinLocksets(held, lockset([lock]));
    }
  }
  return out;
}

function locksTakenBy(evaluator: Evaluator, fn: FunctionDeclaration, manager: number): (LockKind & { readonly lock: string })[] {
  const { module } = fn;
  const lock = lockOf(evaluator, module, manager);
  if (lock !== undefined) return [{ lock, ...sharedKindOf(evaluator, fn, manager) }];
  const { shape, fresh, place } = evaluator.valueOf(module, manager);
  // lockOf knows no name for it: it never leaves this call.
  if (shape.kind === "container" && shape.container === "lock" && fresh === true && !place) {
    return [{ lock: textOf(module.tree, manager), ...lockKindOf(evaluator, module, manager) }];
  }
  return managerLocksOf(evaluator, module, manager).map((name) => ({ lock: name, reentrant: "unknown", ownerKind: "unknown" }));
}

/** A local lock that has a name is shared with a nested function or a callee. */
function sharedKindOf(evaluator: Evaluator, fn: FunctionDeclaration, node: number): LockKind {
  const kind = lockKindOf(evaluator, fn.module, node);
  return kind.ownerKind === "call" ? { ...kind, ownerKind: "unknown" } : kind;
}

/** `lock.acquire(...)`, when the receiver is a lock. */
export function acquisitionOfCall(evaluator: Evaluator, fn: FunctionDeclaration, call: number, around: Surroundings): ExtractedAcquisition | undefined {
  const { tree } = fn.module;
  const func = childWithRole(tree, call, R.func);
  if (tree.kind[func] !== K.Attribute || nameOf(tree, func) !== "acquire") return undefined;
  if (tree.kind[parentOf(tree, call)] === K.Await) return undefined;
  const node = childWithRole(tree, func, R.value);
  const lock = lockOf(evaluator, fn.module, node);
  if (lock === undefined) return undefined;
  const span = heldSpanOf(evaluator, fn, { call, statement: around.statement, lock });
  const held: Lockset = around.locks;
  return acquisitionFact(fn, node, around.statement, { ...span, ...sharedKindOf(evaluator, fn, node), lock, how: "acquire", held, blocks: blocks(fn, call) });
}

/** `acquire(False)`, `acquire(timeout=1)`, `acquire(blocking=flag)` may give up. */
function blocks({ module: { tree } }: FunctionDeclaration, call: number): boolean {
  const passed = [...childrenWithRole(tree, call, R.args), ...childrenWithRole(tree, call, R.keywords).map((each) => childWithRole(tree, each, R.value))];
  const texts = passed.map((node) => textOf(tree, node));
  return texts.every((text) => text === "True" || text === "1" || text === "-1");
}

function acquisitionFact(fn: FunctionDeclaration, node: number, statement: number, taken: Taken): ExtractedAcquisition {
  const { module } = fn;
  return {
    ...taken,
    span: spanOf(module, node),
    statement: spanOf(module, statement),
    order: module.tree.start[node] as number,
    text: shortTextOf(module.tree, node),
  };
}
