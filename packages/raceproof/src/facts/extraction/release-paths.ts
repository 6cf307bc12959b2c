// A call of acquire() in, how far the lock is held and on which ways out it is released out: a walk over the statements that follow.
// Source of the question: CodeQL's "Unreleased lock" (CWE-764, CWE-833). Loops are walked once; a condition that guards both ends is believed.
// Misses: releases through an alias of the lock, in callees, in except* groups.
import { childrenWithRole, childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { AcquisitionFact } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { lockOf } from "./locks.ts";

export type HeldSpan = Pick<AcquisitionFact, "until" | "released">;

export interface Acquire {
  /** The call of acquire(). */
  readonly call: number;
  readonly statement: number;
  readonly lock: string;
}

export function heldSpanOf(evaluator: Evaluator, fn: FunctionDeclaration, acquire: Acquire): HeldSpan {
  const { tree } = fn.module;
  const releases = releasesIn(evaluator, fn, acquire);
  const last = releases.calls.findLast((call) => !isInHandler(tree, fn.node, call));
  if (last === undefined) return { until: tree.end[fn.node] as number, released: releases.handedOver ? "always" : "not-here" };
  const walk = new ReleaseWalk(tree, fn.node, releases.calls, acquire);
  return { until: tree.start[releaseInBlock(tree, acquire.statement, releases.calls) ?? last] as number, released: walk.verdict() };
}

/** Released there because taking it failed half-way. */
function isInHandler(tree: SyntaxTree, end: number, node: number): boolean {
  for (let at = parentOf(tree, node); at >= 0 && at !== end; at = parentOf(tree, at)) if (tree.kind[at] === K.ExceptHandler) return true;
  return false;
}

interface Releases {
  readonly calls: readonly number[];
  /** `stack.callback(lock.release)`: somebody else calls it. */
  readonly handedOver: boolean;
}

function releasesIn(evaluator: Evaluator, fn: FunctionDeclaration, { call, lock }: Acquire): Releases {
  const { tree } = fn.module;
  const calls: number[] = [];
  let handedOver = false;
  for (let node = call + 1; node < fn.node; node++) {
    if (tree.kind[node] !== K.Attribute || nameOf(tree, node) !== "release") continue;
    if (lockOf(evaluator, fn.module, childWithRole(tree, node, R.value)) !== lock) continue;
    const own = evaluator.declarations.scopes.functionAround(fn.module, node) === fn;
    const called = tree.kind[parentOf(tree, node)] === K.Call && tree.role[node] === R.func;
    if (own && called) calls.push(parentOf(tree, node));
    else handedOver = true;
  }
  return { calls, handedOver };
}

/** The first release that the statement's own block comes to. */
function releaseInBlock(tree: SyntaxTree, statement: number, releases: readonly number[]): number | undefined {
  const block = blockOf(tree, statement);
  for (const later of block.slice(block.indexOf(statement) + 1)) {
    const found = releases.find((each) => (tree.first[later] as number) <= each && each < later);
    if (found !== undefined) return found;
  }
  return undefined;
}

function blockOf(tree: SyntaxTree, statement: number): readonly number[] {
  return childrenWithRole(tree, parentOf(tree, statement), tree.role[statement] as number);
}

/** What may be true of the lock at a point. */
interface Possible {
  readonly held: boolean;
  readonly free: boolean;
}

const gone: Possible = { held: false, free: false };
const either = (a: Possible, b: Possible): Possible => ({ held: a.held || b.held, free: a.free || b.free });

/** Functions nested deeper than this are not followed. */
const deepestBlock = 100;

class ReleaseWalk {
  private leaks = false;
  private risks = false;
  private depth = 0;
  /** What is true where `break` leaves the loop that is being walked. */
  private broken: Possible = gone;
  /** Inside a try statement that releases when an exception passes. */
  private guards = 0;
  private readonly tree: SyntaxTree;
  private readonly end: number;
  private readonly releases: readonly number[];
  private readonly acquire: Acquire;
  /** The lock is not held on every way on from here: a test of that around a release is believed. */
  private readonly conditional: boolean;

  constructor(tree: SyntaxTree, end: number, releases: readonly number[], acquire: Acquire) {
    this.tree = tree;
    this.end = end;
    this.releases = releases;
    this.acquire = acquire;
    this.conditional = tree.kind[acquire.statement] !== K.Expr || this.isInBranch(acquire.statement);
  }

  private isInBranch(statement: number): boolean {
    for (let at = parentOf(this.tree, statement); at >= 0 && at !== this.end; at = parentOf(this.tree, at)) {
      if (this.tree.kind[at] === K.If) return true;
    }
    return false;
  }

  verdict(): AcquisitionFact["released"] {
    const state = this.fromAcquire();
    if (this.leaks || state.held) return "some-paths";
    return this.risks ? "unless-raised" : "always";
  }

  /** From the statement outward: what follows in its block, then what follows the statement around it. */
  private fromAcquire(): Possible {
    const { statement } = this.acquire;
    let state: Possible = { held: true, free: false };
    // `if lock.acquire(False): ...` holds it in the body, `if not lock.acquire(False): ...` in the else block or afterwards.
    if (this.tree.kind[statement] === K.If) state = this.block(statement, this.isNegated(statement) ? R.orelse : R.body, state);
    for (let at = statement; at !== this.end && at >= 0; at = parentOf(this.tree, at)) {
      if (this.isStatement(at)) state = this.after(at, state);
    }
    return state;
  }

  private isNegated(branch: number): boolean {
    return this.tree.kind[childWithRole(this.tree, branch, R.test)] === K.UnaryOp;
  }

  private isStatement(node: number): boolean {
    const role = this.tree.role[node];
    return role === R.body || role === R.orelse || role === R.finalbody;
  }

  private after(statement: number, before: Possible): Possible {
    const around = parentOf(this.tree, statement);
    const block = blockOf(this.tree, statement);
    const rest = block.slice(block.indexOf(statement) + 1);
    const isTry = this.tree.kind[around] === K.Try && this.tree.role[statement] !== R.finalbody;
    const guard = isTry && this.releasesOnRaise(around);
    if (guard) this.guards++;
    const inLoop = this.isLoop(around) && this.tree.role[statement] === R.body;
    const state = inLoop ? this.loop(around, () => this.statements(rest, before)) : this.statements(rest, before);
    if (guard) this.guards--;
    return isTry ? this.block(around, R.finalbody, state) : state;
  }

  private block(node: number, role: number, before: Possible): Possible {
    return this.statements(childrenWithRole(this.tree, node, role), before);
  }

  private statements(list: readonly number[], before: Possible): Possible {
    if (this.depth > deepestBlock) return { held: false, free: true };
    this.depth++;
    const state = list.reduce((at, statement) => this.statement(statement, at), before);
    this.depth--;
    return state;
  }

  private statement(node: number, before: Possible): Possible {
    if (!before.held) return before;
    switch (this.tree.kind[node]) {
      case K.Return:
      case K.Raise:
      case K.Break:
      case K.Continue:
        return this.leave(node, before);
      case K.If:
        return this.branch(node, before);
      case K.While:
      case K.For:
        return this.loop(node, () => either(this.isEndless(node) ? gone : before, this.block(node, R.body, before)));
      case K.Try:
        return this.tryStatement(node, before);
      case K.With:
        this.noteRisk(childWithRole(this.tree, node, R.items));
        return this.block(node, R.body, before);
      case K.Match:
        return childrenWithRole(this.tree, node, R.cases).reduce((state, each) => either(state, this.block(each, R.body, before)), before);
      default:
        return this.simple(node, before);
    }
  }

  private leave(node: number, before: Possible): Possible {
    const kind = this.tree.kind[node];
    if (this.guards > 0) return gone;
    // Where a loop goes on it may also end.
    if (kind === K.Break || kind === K.Continue) this.broken = either(this.broken, before);
    else this.leaks = true;
    return gone;
  }

  private simple(node: number, before: Possible): Possible {
    const releases = this.contains(node);
    if (!releases) this.noteRisk(node);
    return releases ? { held: false, free: true } : before;
  }

  /** After a loop: where its condition fails, through its else block, or where it is broken off. */
  private loop(node: number, walkBody: () => Possible): Possible {
    const outer = this.broken;
    this.broken = gone;
    const through = walkBody();
    const ended = this.isEndless(node) ? gone : this.block(node, R.orelse, through);
    const state = either(ended, this.broken);
    this.broken = outer;
    return state;
  }

  private isLoop(node: number): boolean {
    const kind = this.tree.kind[node];
    return kind === K.While || kind === K.For;
  }

  private isEndless(loop: number): boolean {
    const test = childWithRole(this.tree, loop, R.test);
    return this.tree.kind[loop] === K.While && this.tree.kind[test] === K.Constant;
  }

  private branch(node: number, before: Possible): Possible {
    if (this.conditional && this.contains(node)) return { held: false, free: true };
    // `if not acquired: raise ...`
    if (this.conditional && this.isNegated(node)) return this.block(node, R.orelse, before);
    this.noteRisk(childWithRole(this.tree, node, R.test));
    return either(this.block(node, R.body, before), this.block(node, R.orelse, before));
  }

  private tryStatement(node: number, before: Possible): Possible {
    const guard = this.releasesOnRaise(node);
    if (guard) this.guards++;
    const normal = this.block(node, R.orelse, this.block(node, R.body, before));
    const { tree } = this;
    const caught = childrenWithRole(tree, node, R.handlers).reduce((state, handler) => either(state, this.block(handler, R.body, before)), gone);
    if (guard) this.guards--;
    return this.block(node, R.finalbody, either(normal, caught));
  }

  /** In `finally`, or in a handler that catches everything. */
  private releasesOnRaise(node: number): boolean {
    const { tree } = this;
    const last = childrenWithRole(tree, node, R.finalbody);
    const broad = childrenWithRole(tree, node, R.handlers).filter((handler) => {
      const type = childWithRole(tree, handler, R.type);
      return type < 0 || /^(Base)?Exception$/.test(nameOf(tree, type));
    });
    return [...last, ...broad].some((each) => this.contains(each));
  }

  private contains(node: number): boolean {
    return this.releases.some((release) => (this.tree.first[node] as number) <= release && release <= node);
  }

  /** Something in it may raise. */
  private noteRisk(node: number): void {
    if (this.guards > 0 || node < 0) return;
    for (let at = this.tree.first[node] as number; at <= node; at++) {
      const kind = this.tree.kind[at];
      if (kind === K.Call || kind === K.Subscript || kind === K.Yield || kind === K.Raise || kind === K.Assert) this.risks = true;
    }
  }
}
