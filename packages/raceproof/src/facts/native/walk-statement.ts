// Statements of C in source order: blocks and sections, branches and loops with what each leaves behind, jumps.
// What enters: a statement node. What leaves: events, loops and branches recorded in the body.
// Misses: backward gotos as loops; values that only reach a label from below.
import { CFlag, childrenOf, childrenWithRole, childWithRole, CKind, CRole, nameOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { NativeHold, NativeRange } from "../../vocabulary/index.ts";
import { nativeSpanEnds, nativeSpans } from "../../models/index.ts";
import { declaredVariables } from "./type-table.ts";
import type { WalkContext } from "./walk-context.ts";
import { openGuard } from "./guards.ts";
import { evaluate, storeInto } from "./walk-expression.ts";

export interface StatementWalk extends WalkContext {
  /** Environments at the gotos met so far, by label. */
  readonly jumps: Map<string, ReturnType<WalkContext["body"]["environment"]["snapshot"]>[]>;
  /** Order of the innermost loop or switch, -1 outside. */
  breakable: number;
}

const nothing: NativeRange = { from: 0, to: 0 };

type StatementWalker = (walk: StatementWalk, node: number) => void;

export function walkStatement(walk: StatementWalk, node: number): void {
  if (node < 0) return;
  const walker = walkers.get(walk.reader.tree.kind[node] ?? 0);
  if (walker === undefined) evaluate(walk, node);
  else walker(walk, node);
}

function walkChildren(walk: StatementWalk, node: number): void {
  for (const child of childrenOf(walk.reader.tree, node)) walkStatement(walk, child);
}

/** What guards declared in it hold ends with the block. */
function block(walk: StatementWalk, node: number): void {
  const { body } = walk;
  const before = { held: body.held, guards: body.guards.size };
  walkChildren(walk, node);
  if (body.guards.size > before.guards) body.held = before.held;
}

/** Functions and types inside a function are declared elsewhere. */
function passOver(): void {}

const walkers: ReadonlyMap<number, StatementWalker> = new Map<number, StatementWalker>([
  ...[CKind.While, CKind.DoWhile, CKind.For, CKind.ForRange].map((kind) => [kind, loop] as const),
  ...[CKind.Return, CKind.Goto, CKind.Break, CKind.Continue].map((kind) => [kind, jump] as const),
  [CKind.Block, block],
  ...[CKind.Case, CKind.Try, CKind.Catch, CKind.Error].map((kind) => [kind, walkChildren] as const),
  ...[CKind.FunctionDefinition, CKind.ClassSpecifier, CKind.StructSpecifier, CKind.TypeDefinition].map((kind) => [kind, passOver] as const),
  [CKind.Declaration, declare],
  [CKind.SectionBlock, section],
  [CKind.If, branch],
  [CKind.Switch, switchOver],
  [CKind.Labeled, labeled],
]);

function declare(walk: StatementWalk, node: number): void {
  // Initialized before anything runs; the variable itself is among the statics.
  if (((walk.reader.tree.detail[node] ?? 0) & CFlag.Static) !== 0 || openGuard(walk, node)) return;
  for (const { name, type, value, node: at } of declaredVariables(walk.reader.tree, node, walk.types)) {
    walk.body.environment.declare(name, type);
    if (value >= 0) storeInto(walk, { place: { kind: "local", name, type }, value: evaluate(walk, value), mode: "write", node: at });
  }
}

function section(walk: StatementWalk, node: number): void {
  const { tree } = walk.reader;
  const { body } = walk;
  const macro = nameOf(tree, node);
  const begin = callIn(tree, childWithRole(tree, node, CRole.begin));
  const objects = begin < 0 ? [] : childrenWithRole(tree, begin, CRole.argument).map((argument) => body.environment.resolve(evaluate(walk, argument).origin));
  const place = walk.reader.placeOf(begin < 0 ? node : begin);
  const row = nativeSpans.get(macro);
  const since = body.record({ kind: "open", macro, objects, labeled: undefined }, place);
  const hold: NativeHold | undefined = row && { kind: row.kind, objects: objects.slice(0, row.objects), since, span: place.span };
  if (hold) body.open(hold);
  for (const child of childrenWithRole(tree, node, CRole.body)) walkStatement(walk, child);
  const end = callIn(tree, childWithRole(tree, node, CRole.end));
  if (end >= 0) body.record({ kind: "close", macro: nameOf(tree, end), objects, labeled: undefined }, walk.reader.placeOf(end));
  if (hold) body.close(({ since: opened }) => opened === since);
}

/** C++ may declare a variable there, and has it as a value. */
function conditionOf(tree: SyntaxTree, node: number): number {
  const condition = childWithRole(tree, node, CRole.condition);
  return condition >= 0 || tree.language === "c" ? condition : childWithRole(tree, node, CRole.value);
}

function branch(walk: StatementWalk, node: number): void {
  const { tree } = walk.reader;
  const { body } = walk;
  const condition = body.range(() => walkStatement(walk, conditionOf(tree, node)));
  const consequence = childWithRole(tree, node, CRole.consequence);
  const alternative = childWithRole(tree, node, CRole.alternative);
  const before = { environment: body.environment.snapshot(), held: body.held };
  const whenTrue = body.range(() => walkStatement(walk, consequence));
  const trueLeaves = leaves(tree, consequence);
  const afterTrue = { environment: body.environment.snapshot(), held: body.held };
  body.environment.restore(before.environment);
  body.held = before.held;
  const whenFalse = body.range(() => walkStatement(walk, alternative));
  const falseLeaves = leaves(tree, alternative);
  if (falseLeaves) {
    body.environment.restore(afterTrue.environment);
    body.held = afterTrue.held;
  } else if (!trueLeaves) {
    body.environment.join(afterTrue.environment);
    body.held = body.held.filter((hold) => afterTrue.held.includes(hold));
  }
  const { text: test } = walk.reader.placeOf(conditionOf(tree, node));
  body.branches.push({ condition, test, whenTrue, whenFalse, trueLeaves, falseLeaves });
}

function loop(walk: StatementWalk, node: number): void {
  const { tree } = walk.reader;
  const { body } = walk;
  walkStatement(walk, childWithRole(tree, node, CRole.initializer));
  evaluate(walk, childWithRole(tree, node, CRole.right));
  const outer = walk.breakable;
  walk.breakable = body.next;
  const before = body.environment.snapshot();
  const heldBefore = body.held;
  const from = body.next;
  const tested = conditionOf(tree, node);
  const condition = body.range(() => walkStatement(walk, tested));
  for (const child of childrenWithRole(tree, node, CRole.body)) walkStatement(walk, child);
  const update = body.range(() => evaluate(walk, childWithRole(tree, node, CRole.update)));
  const test = tested < 0 ? "" : walk.reader.placeOf(tested).text;
  body.loops.push({ from, to: body.next, test, condition: condition.to > condition.from ? condition : update, span: walk.reader.spanOf(node) });
  body.environment.join(before);
  body.held = heldBefore;
  walk.breakable = outer;
}

function switchOver(walk: StatementWalk, node: number): void {
  const { tree } = walk.reader;
  const { body } = walk;
  const condition = body.range(() => walkStatement(walk, conditionOf(tree, node)));
  const outer = walk.breakable;
  walk.breakable = body.next;
  const before = { environment: body.environment.snapshot(), held: body.held };
  for (const each of childrenOf(tree, childWithRole(tree, node, CRole.body))) {
    const after = body.environment.snapshot();
    body.environment.restore(before.environment);
    body.held = before.held;
    const whenTrue = body.range(() => walkStatement(walk, each));
    body.branches.push({ condition, test: "", whenTrue, whenFalse: nothing, trueLeaves: leavesFunction(tree, each), falseLeaves: false });
    body.environment.join(after);
  }
  body.held = before.held;
  walk.breakable = outer;
}

function jump(walk: StatementWalk, node: number): void {
  const { tree } = walk.reader;
  const { body } = walk;
  const place = walk.reader.placeOf(node);
  const kind = tree.kind[node];
  if (kind === CKind.Return) {
    const value = evaluate(walk, childWithRole(tree, node, CRole.value));
    body.returned.push({ ...value, origin: body.environment.resolve(value.origin) });
    body.record({ kind: "return", label: undefined, value: value.origin, within: -1 }, place);
  } else if (kind === CKind.Goto) {
    const label = nameOf(tree, node);
    walk.jumps.set(label, [...(walk.jumps.get(label) ?? []), body.environment.snapshot()]);
    body.record({ kind: "goto", label, value: undefined, within: -1 }, place);
  } else {
    body.record({ kind: kind === CKind.Break ? "break" : "continue", label: undefined, value: undefined, within: walk.breakable }, place);
  }
}

function labeled(walk: StatementWalk, node: number): void {
  const { tree } = walk.reader;
  const label = nameOf(tree, node);
  for (const environment of walk.jumps.get(label) ?? []) walk.body.environment.join(environment);
  walk.body.record({ kind: "label", label, value: undefined, within: -1 }, walk.reader.placeOf(node));
  const statement = childrenOf(tree, node).at(-1) ?? -1;
  const call = callIn(tree, statement);
  const closing = call >= 0 ? nameOf(tree, call) : "";
  if (nativeSpanEnds.has(closing)) {
    walk.body.record({ kind: "close", macro: closing, objects: [], labeled: label }, walk.reader.placeOf(statement));
  } else walkStatement(walk, statement);
}

/** The call that a statement consists of, or -1. */
function callIn(tree: SyntaxTree, statement: number): number {
  if (statement < 0) return -1;
  const call = tree.kind[statement] === CKind.ExpressionStatement ? (childrenOf(tree, statement)[0] ?? -1) : statement;
  return call >= 0 && tree.kind[call] === CKind.Call ? call : -1;
}

/** Control does not reach what follows the statement. */
function leaves(tree: SyntaxTree, node: number): boolean {
  if (node < 0) return false;
  const kind = tree.kind[node];
  if (kind === CKind.Break || kind === CKind.Continue) return true;
  if (kind === CKind.Block || kind === CKind.If) return leavesBy(tree, node, leaves);
  return leavesFunction(tree, node);
}

function leavesFunction(tree: SyntaxTree, node: number): boolean {
  const kind = tree.kind[node];
  if (kind === CKind.Return || kind === CKind.Goto || kind === CKind.Throw) return true;
  return (kind === CKind.Block || kind === CKind.If || kind === CKind.Case || kind === CKind.SectionBlock) && leavesBy(tree, node, leavesFunction);
}

function leavesBy(tree: SyntaxTree, node: number, does: (tree: SyntaxTree, node: number) => boolean): boolean {
  if (tree.kind[node] !== CKind.If) {
    const last = childrenOf(tree, node).at(-1) ?? -1;
    return last >= 0 && does(tree, last);
  }
  const alternative = childWithRole(tree, node, CRole.alternative);
  return alternative >= 0 && does(tree, childWithRole(tree, node, CRole.consequence)) && does(tree, alternative);
}

export function startStatements(walk: WalkContext): StatementWalk {
  return { ...walk, jumps: new Map(), breakable: -1 };
}
