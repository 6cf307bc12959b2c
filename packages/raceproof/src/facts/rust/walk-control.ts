// Blocks, branches, loops, closures as values, lets and jumps. What enters: a node. What leaves: scopes, bindings and the value of the whole.
import { RustFlag, RustKind } from "../../sources/index.ts";
import { unknownRustType } from "../../vocabulary/index.ts";
import type { RustScope, RustType, RustValue } from "../../vocabulary/index.ts";
import { noValue, partOf, valueOfType } from "./body.ts";
import type { RustBody } from "./body.ts";
import { itemOf } from "./follow-methods.ts";
import { built } from "./type-reader.ts";
import { noteMoved } from "./walk-expressions.ts";
import type { Walker } from "./walk-expressions.ts";
import { bindPattern } from "./walk-patterns.ts";

function walkBlock(body: RustBody, node: number): RustValue {
  return body.within(node, { kind: "block" }, () => walkStatements(body, node));
}

/** The value of a block is that of its last expression. */
export function walkStatements(body: RustBody, node: number): RustValue {
  const { reader } = body;
  let value: RustValue = noValue;
  const statements = reader.children(node);
  for (const [index, statement] of statements.entries()) {
    value = body.statement(() => body.evaluate(statement));
    const isTail = index === statements.length - 1;
    if (isTail) noteMoved(body, statement);
    if (!isTail || (reader.is(statement, "ExpressionStatement") && reader.text(statement).endsWith(";"))) value = noValue;
  }
  return value;
}

function walkUnsafe(body: RustBody, node: number): RustValue {
  return body.within(node, { kind: "unsafe" }, () => walkStatements(body, innerBlock(body, node)));
}

function walkAsync(body: RustBody, node: number): RustValue {
  return asyncValue(body, node, {});
}

/** A future: its body as a scope. */
export function asyncValue(body: RustBody, node: number, draft: Partial<Pick<RustScope, "attachment" | "otherThread">>): RustValue {
  return body.within(node, { kind: "async", ...draft, moves: (body.reader.detail(node) & RustFlag.Move) !== 0 }, () =>
    walkStatements(body, innerBlock(body, node)),
  );
}

function innerBlock({ reader }: RustBody, node: number): number {
  return reader.children(node).findLast((child) => reader.is(child, "Block")) ?? -1;
}

function walkExpressionStatement(body: RustBody, node: number): RustValue {
  return body.evaluate(body.reader.children(node)[0] ?? -1);
}

function walkLet(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const initial = reader.child(node, "value");
  const value = body.evaluate(initial);
  const written = reader.child(node, "type");
  const type = written < 0 ? value.type : body.tables.types.read(written, body.place);
  noteMoved(body, initial);
  const pattern = reader.child(node, "pattern");
  const before = body.events.length;
  const known = value.origin.root.kind === "none" && initial >= 0 ? { ...value, type } : { ...value, type: isInferred(type) ? value.type : type };
  if (reader.child(node, "alternative") >= 0)
    body.within(reader.child(node, "alternative"), { kind: "else" }, () => walkStatements(body, reader.child(node, "alternative")));
  bindPattern(body, pattern, known);
  keepTaken(body, pattern, before);
  return noValue;
}

/** `Vec<_>` and `_` say less than the value does. */
function isInferred(type: RustType): boolean {
  return type.name === "_" || type.name === "";
}

/** `let guard = x.lock()...;`: the variable has the guard, unless what it holds was taken out of the guarded value. */
function keepTaken(body: RustBody, pattern: number, before: number): void {
  const { reader } = body;
  if (!reader.is(pattern, "Identifier", "WrappedPattern", "TupleStructPattern", "MatchPattern")) return;
  const bindings = body.events.slice(before).filter((event) => event.kind === "binding");
  const [binding] = bindings;
  if (binding?.kind !== "binding" || bindings.length > 1) return;
  const last = binding.value.origin.through.findLast((name) => !passesGuard.has(name));
  for (const guard of body.guards.values()) {
    if (guard.local !== undefined || guard.to < Number.MAX_SAFE_INTEGER) continue;
    const taken = body.events[guard.from];
    if (taken?.kind === "call" && taken.name === last) body.keepGuards(binding.local, guard.from);
  }
}

const passesGuard: ReadonlySet<string> = new Set("unwrap expect unwrap_or_else ok map_err unwrap_or_default into_inner by_ref as_mut as_ref".split(" "));

function walkIf(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const condition = reader.child(node, "condition");
  const then = reader.child(node, "consequence");
  // What an `if let` binds lives in the branch, and the temporaries of its condition as long as the whole.
  const value = body.within(then, { kind: "then" }, (scope) => {
    describe(body, scope, condition, bindCondition(body, condition));
    return walkStatements(body, then);
  });
  const otherwise = reader.child(node, "alternative");
  if (otherwise < 0) return noValue;
  const block = reader.children(otherwise)[0] ?? -1;
  const other = body.within(otherwise, { kind: "else" }, (scope) => {
    describe(body, scope, condition, noValue);
    return reader.is(block, "Block") ? walkStatements(body, block) : body.evaluate(block);
  });
  return merged(value, other);
}

function merged(left: RustValue, right: RustValue): RustValue {
  if (left.type.name !== "" && left.origin.root.kind !== "none") return left;
  return right.type.name === "" ? left : right;
}

function describe(body: RustBody, scope: number, condition: number, value: RustValue): void {
  const pattern = body.reader.is(condition, "LetCondition") ? body.reader.shortText(body.reader.child(condition, "pattern")) : undefined;
  (body.scopes[scope] as { condition: RustScope["condition"] }).condition = { text: body.reader.shortText(condition), value, pattern };
}

/** @returns the value tested */
function bindCondition(body: RustBody, node: number): RustValue {
  const { reader } = body;
  if (reader.is(node, "LetChain")) {
    let value: RustValue = noValue;
    for (const part of reader.children(node)) value = bindCondition(body, part);
    return value;
  }
  if (!reader.is(node, "LetCondition")) return body.evaluate(node);
  const value = body.evaluate(reader.child(node, "value"));
  const before = body.events.length;
  bindPattern(body, reader.child(node, "pattern"), value);
  keepTaken(body, reader.child(node, "pattern"), before);
  return value;
}

function walkMatch(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const value = body.evaluate(reader.child(node, "value"));
  let result: RustValue = noValue;
  for (const arm of reader.childrenOfKind(reader.child(node, "body"), RustKind.MatchArm)) {
    const pattern = reader.child(arm, "pattern");
    const given = body.within(arm, { kind: "arm" }, (scope) => {
      bindPattern(body, pattern, value);
      body.evaluate(reader.child(pattern, "condition"));
      const condition = { text: reader.shortText(reader.child(node, "value")), value, pattern: reader.shortText(pattern) };
      (body.scopes[scope] as { condition: RustScope["condition"] }).condition = condition;
      return body.statement(() => body.evaluate(reader.child(arm, "value")));
    });
    result = merged(result, given);
  }
  return result;
}

function walkLoop(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const condition = reader.child(node, "condition");
  const block = reader.child(node, "body");
  return body.within(node, { kind: "loop" }, (scope) => {
    if (condition >= 0) describe(body, scope, condition, bindCondition(body, condition));
    walkStatements(body, block);
    return noValue;
  });
}

function walkFor(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const iterated = body.evaluate(reader.child(node, "value"));
  return body.within(node, { kind: "loop" }, (scope) => {
    const pattern = reader.child(node, "pattern");
    const condition = { text: reader.shortText(reader.child(node, "value")), value: iterated, pattern: reader.shortText(pattern) };
    (body.scopes[scope] as { condition: RustScope["condition"] }).condition = condition;
    bindPattern(body, pattern, partOf(iterated, "[]", itemOf(iterated.type)));
    walkStatements(body, reader.child(node, "body"));
    return noValue;
  });
}

function walkClosure(body: RustBody, node: number): RustValue {
  return closureValue(body, node, {}, () => noValue);
}

/** @param parameter what its parameters are given, by index */
export function closureValue(
  body: RustBody,
  node: number,
  draft: Partial<Pick<RustScope, "attachment" | "otherThread">>,
  parameter: (index: number) => RustValue,
): RustValue {
  const { reader } = body;
  const code = reader.child(node, "body");
  let closure = -1;
  const moves = (reader.detail(node) & RustFlag.Move) !== 0;
  const result = body.within(node, { kind: "closure", ...draft, moves }, (scope) => {
    closure = scope;
    for (const [index, pattern] of reader.children(reader.child(node, "parameters")).entries())
      bindParameter(body, pattern, parameter(index), { scope, index });
    return reader.is(code, "Block") ? body.statement(() => walkStatements(body, code)) : body.statement(() => body.evaluate(code));
  });
  return { ...valueOfType(built(moves ? "move closure" : "closure", [result.type])), closure };
}

function bindParameter(body: RustBody, node: number, given: RustValue, root: { readonly scope: number; readonly index: number }): void {
  const { reader } = body;
  const isTyped = reader.is(node, "Parameter");
  const written = isTyped ? body.tables.types.read(reader.child(node, "type"), body.place) : unknownRustType;
  const type = isInferred(written) ? given.type : written;
  const value =
    given.origin.root.kind === "none"
      ? { ...noValue, origin: { root: { kind: "closure" as const, ...root }, path: [], through: [] }, type }
      : { ...given, type };
  bindPattern(body, isTyped ? reader.child(node, "pattern") : node, value);
}

function walkReturn(body: RustBody, node: number): RustValue {
  const child = body.reader.children(node)[0] ?? -1;
  const value = child < 0 ? undefined : body.evaluate(child);
  noteMoved(body, child);
  body.emit(node, { kind: "return", value });
  return noValue;
}

function walkBreak(body: RustBody, node: number): RustValue {
  const child = body.reader.children(node)[0] ?? -1;
  const value = child < 0 ? undefined : body.evaluate(child);
  body.emit(node, { kind: body.reader.is(node, "Break") ? "break" : "continue", value });
  return noValue;
}

/** Items inside bodies are walked on their own. */
const walkNothing: Walker = () => noValue;

export const controlWalkers: ReadonlyMap<number, Walker> = new Map<number, Walker>([
  [RustKind.Block, walkBlock],
  [RustKind.UnsafeBlock, walkUnsafe],
  [RustKind.AsyncBlock, walkAsync],
  [RustKind.ExpressionStatement, walkExpressionStatement],
  [RustKind.Let, walkLet],
  [RustKind.If, walkIf],
  [RustKind.LetCondition, bindCondition],
  [RustKind.LetChain, bindCondition],
  [RustKind.Match, walkMatch],
  [RustKind.While, walkLoop],
  [RustKind.Loop, walkLoop],
  [RustKind.For, walkFor],
  [RustKind.Closure, walkClosure],
  [RustKind.Return, walkReturn],
  [RustKind.Break, walkBreak],
  [RustKind.Continue, walkBreak],
  ...[RustKind.Function, RustKind.Struct, RustKind.Enum, RustKind.Implementation, RustKind.Use, RustKind.Attribute, RustKind.Static, RustKind.Constant].map(
    (kind): [number, Walker] => [kind, walkNothing],
  ),
  ...[RustKind.Trait, RustKind.TypeAlias, RustKind.MacroDefinition, RustKind.Union, RustKind.InnerAttribute, RustKind.Module].map((kind): [number, Walker] => [
    kind,
    walkNothing,
  ]),
]);
