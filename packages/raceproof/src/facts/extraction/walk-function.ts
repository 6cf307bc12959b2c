// A function in, every node its own code evaluates out, each with its statement, the locks held there and the handlers around it.
// Functions and classes nested in it are walked on their own; their decorators, defaults and bases belong here.
import { childrenOf, childrenWithRole, childWithRole, linksOf, parentOf, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { Lockset } from "../../vocabulary/index.ts";
import { lockset } from "../../vocabulary/index.ts";
import { caughtBy } from "./control-flow.ts";
import { byKind } from "../declarations/by-kind.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { managerLocksOf } from "./lent-locks.ts";
import { locksAfter, locksInside } from "./lock-spans.ts";
import { lockOf } from "./locks.ts";
import type { Surroundings } from "./raw-facts.ts";

export type Visitor = (node: number, around: Surroundings) => void;

/** Visits in program order. Gives the number of lock spans it understood. */
export function walkFunction(evaluator: Evaluator, fn: FunctionDeclaration, heldOnEntry: Lockset, visit: Visitor): number {
  const walker = new Walker(evaluator, fn, visit);
  walker.run(heldOnEntry);
  return walker.lockSpans + heldOnEntry.length;
}

class Walker {
  lockSpans = 0;
  private readonly evaluator: Evaluator;
  private readonly fn: FunctionDeclaration;
  private readonly tree: SyntaxTree;
  private readonly visit: Visitor;
  /** Nodes still to be visited, the next one last: generated code nests deeper than a call stack. */
  private readonly waiting: number[] = [];
  /** What surrounds each of them. */
  private readonly waitingIn: Surroundings[] = [];

  constructor(evaluator: Evaluator, fn: FunctionDeclaration, visit: Visitor) {
    this.evaluator = evaluator;
    this.fn = fn;
    this.tree = fn.module.tree;
    this.visit = visit;
  }

  run(heldOnEntry: Lockset): void {
    const { node, role } = this.fn;
    const roots = role === "module" ? childrenOf(this.tree, node) : childrenWithRole(this.tree, node, R.body);
    this.visitLater(roots, { statement: node, locks: heldOnEntry, handled: [] });
    for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) this.step(next, this.waitingIn.pop() as Surroundings);
  }

  private step(node: number, outer: Surroundings): void {
    const around = this.isStatement(node) ? { statement: node, locks: outer.locks, handled: outer.handled } : outer;
    switch (this.tree.kind[node]) {
      case K.FunctionDef:
      case K.AsyncFunctionDef:
      case K.ClassDef:
        this.visitLater(childrenOf(this.tree, node), around, R.body);
        return;
      case K.With:
      case K.AsyncWith:
        this.visit(node, around);
        this.enterWith(node, around);
        return;
      case K.Try:
      case K.TryStar:
        this.visit(node, around);
        this.enterTry(node, around);
        return;
      default:
        if (holdsBlocks[this.tree.kind[node] as number]) {
          this.visit(node, around);
          this.visitLater(childrenOf(this.tree, node), around, R.annotation);
        } else this.visitAll(node, around);
    }
  }

  /** A node without blocks and everything below it, parents first: no statement stands there, all have the same surroundings. */
  private visitAll(root: number, around: Surroundings): void {
    const { firstChild, nextSibling, parent } = linksOf(this.tree);
    const { role } = this.tree;
    let node = root;
    for (;;) {
      const isSkipped = role[node] === R.annotation && node !== root;
      if (!isSkipped) this.visit(node, around);
      let next = isSkipped ? -1 : (firstChild[node] as number);
      while (next < 0 && node !== root) {
        next = nextSibling[node] as number;
        if (next < 0) node = parent[node] as number;
      }
      if (next < 0) return;
      node = next;
    }
  }

  /** What is told to be visited later comes before everything told earlier. A block's statements see the locks taken before them in it. */
  private visitLater(nodes: readonly number[], around: Surroundings, except = -1): void {
    const from = this.waiting.length;
    let held = around.locks;
    let block = -1;
    for (const node of nodes) {
      const role = this.tree.role[node] as number;
      if (role === except) continue;
      if (!this.isStatement(node)) {
        this.tell(node, around);
        continue;
      }
      if (role !== block) held = this.locksAtStart(node, role, around.locks);
      block = role;
      this.tell(node, held === around.locks ? around : { statement: around.statement, locks: held, handled: around.handled });
      const after = locksAfter(this.evaluator, this.fn.module, node, held);
      if (after.length > held.length) this.lockSpans++;
      held = after;
    }
    reverseFrom(this.waiting, from);
    reverseFrom(this.waitingIn, from);
  }

  private tell(node: number, around: Surroundings): void {
    this.waiting.push(node);
    this.waitingIn.push(around);
  }

  private locksAtStart(first: number, role: number, before: Lockset): Lockset {
    return role === R.body || role === R.orelse ? locksInside(this.evaluator, this.fn.module, first, before) : before;
  }

  private isStatement(node: number): boolean {
    const role = this.tree.role[node];
    if (role !== R.body && role !== R.orelse && role !== R.finalbody) return false;
    const parent = this.tree.kind[parentOf(this.tree, node)];
    return parent !== K.IfExp && parent !== K.Lambda;
  }

  private enterWith(node: number, around: Surroundings): void {
    const held: string[] = [];
    const suppressed: string[] = [];
    const items: { node: number; around: Surroundings }[] = [];
    for (const item of childrenWithRole(this.tree, node, R.items)) {
      items.push({ node: item, around: { ...around, locks: lockset([...around.locks, ...held]) } });
      const manager = childWithRole(this.tree, item, R.context_expr);
      const lock = lockOf(this.evaluator, this.fn.module, manager);
      held.push(...(lock === undefined ? managerLocksOf(this.evaluator, this.fn.module, manager) : [lock]));
      suppressed.push(...this.suppressedBy(manager));
    }
    const handled = suppressed.length === 0 ? around.handled : [...new Set([...around.handled, ...suppressed])];
    // Tasks wait at `async with`, threads do not.
    if (this.tree.kind[node] !== K.AsyncWith) this.lockSpans += held.length;
    this.visitLater(childrenWithRole(this.tree, node, R.body), { ...around, handled, locks: lockset([...around.locks, ...held]) });
    for (const item of items.reverse()) this.tell(item.node, item.around);
  }

  /** `with contextlib.suppress(KeyError)` handles what it names. */
  private suppressedBy(manager: number): string[] {
    if (this.tree.kind[manager] !== K.Call) return [];
    const { shape } = this.evaluator.valueOf(this.fn.module, childWithRole(this.tree, manager, R.func));
    if (shape.kind !== "external" || shape.name !== "contextlib.suppress") return [];
    return childrenWithRole(this.tree, manager, R.args).map((type) => textOf(this.tree, type));
  }

  private enterTry(node: number, around: Surroundings): void {
    const caught = caughtBy(this.tree, node, (type) => textOf(this.tree, type));
    const guarded: Surroundings = { ...around, handled: [...new Set([...around.handled, ...caught])] };
    const children = childrenOf(this.tree, node);
    this.visitLater(children, around, R.body);
    this.visitLater(
      children.filter((child) => this.tree.role[child] === R.body),
      guarded,
    );
  }
}

/** Kinds that have statements among their children and nothing of their own to do. */
const holdsBlocks: readonly (true | undefined)[] = byKind(
  [K.Module, K.If, K.For, K.AsyncFor, K.While, K.ExceptHandler, K.Match, K.match_case, K.Error].map((kind) => [kind, true]),
);

function reverseFrom<T>(list: T[], from: number): void {
  for (let low = from, high = list.length - 1; low < high; low++, high--) {
    const moved = list[low] as T;
    list[low] = list[high] as T;
    list[high] = moved;
  }
}
