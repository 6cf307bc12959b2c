// Parameters of functions and lambdas, and type parameters.
// What enters: a parser after the opening token. What leaves: arg, default and type-parameter nodes in source order,
// each with its `ast` role; it stays on the closing token.

import { PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseElement, parseExpression } from "./parse-expression.ts";
import type { Parser } from "./parser.ts";
import { Token } from "./token.ts";

/** What the next parameter is, by the markers before it. */
interface ParameterState {
  readonly first: number;
  hasStar: boolean;
  hasDefault: boolean;
  /** Of a `**` parameter, after which nothing may come. */
  hasMapping: boolean;
}

/** Parameters up to `close`, which is ")" for functions and ":" for lambdas (these have no annotations). */
export function parseParameters(parser: Parser, close: number): void {
  const state: ParameterState = { first: parser.size, hasStar: false, hasDefault: false, hasMapping: false };
  while (parser.token !== close) {
    if (state.hasMapping) parser.report("a parameter after the ** parameter", parser.tokenStart);
    parseNextParameter(parser, close, state);
    if (!parser.skip(Token.Comma)) break;
  }
}

function parseNextParameter(parser: Parser, close: number, state: ParameterState): void {
  const start = parser.tokenStart;
  if (parser.skip(Token.Slash)) {
    if (state.hasStar || !makePositionalOnly(parser, state.first)) parser.report("misplaced '/' among parameters", start);
  } else if (parser.skip(Token.DoubleStar)) {
    state.hasMapping = true;
    parser.place(parseParameter(parser, close), Role.kwarg);
  } else if (parser.skip(Token.Star)) {
    if (state.hasStar) parser.report("more than one '*' among parameters", start);
    state.hasStar = true;
    if (parser.token !== Token.Comma) parser.place(parseParameter(parser, close), Role.vararg);
    else if (!isFollowedByName(parser)) parser.report("a bare '*' needs a parameter after it", start);
  } else {
    parsePlainParameter(parser, close, state);
  }
}

/** Whether a name comes after the comma the parser stands on. */
function isFollowedByName(parser: Parser): boolean {
  const mark = parser.mark();
  parser.next();
  const isName = parser.token === Token.Name;
  parser.reset(mark);
  return isName;
}

function parsePlainParameter(parser: Parser, close: number, state: ParameterState): void {
  const node = parseParameter(parser, close);
  parser.place(node, state.hasStar ? Role.kwonlyargs : Role.args);
  if (parser.skip(Token.Equal)) {
    parser.place(parseExpression(parser), state.hasStar ? Role.kw_defaults : Role.defaults);
    state.hasDefault = true;
  } else if (state.hasDefault && !state.hasStar) {
    parser.report("a parameter without a default after one with a default", parser.start[node]!);
  }
}

/** False when there is nothing before the slash that it could apply to. */
function makePositionalOnly(parser: Parser, first: number): boolean {
  let isChanged = false;
  for (let node = parser.size - 1; node >= first; node = parser.first[node]! - 1) {
    if (parser.role[node] === Role.posonlyargs) return false;
    if (parser.role[node] !== Role.args) continue;
    parser.place(node, Role.posonlyargs);
    isChanged = true;
  }
  return isChanged;
}

function parseParameter(parser: Parser, close: number): number {
  const start = parser.tokenStart;
  const first = parser.size;
  const name = parser.expectName();
  if (close !== Token.Colon && parser.skip(Token.Colon)) parser.place(parseAnnotation(parser), Role.annotation);
  return parser.emitNamed(Kind.arg, start, first, name);
}

/** `*args: *Ts` is the one starred annotation. */
function parseAnnotation(parser: Parser): number {
  return parser.token === Token.Star ? parseElement(parser) : parseExpression(parser);
}

/** `[T: bound = default, *Ts, **P]` after a function's, class's or alias's name, if there. */
export function parseTypeParameters(parser: Parser): void {
  if (!parser.skip(Token.OpenBracket)) return;
  const first = parser.size;
  while (parser.token !== Token.CloseBracket) {
    parseTypeParameter(parser);
    if (!parser.skip(Token.Comma)) break;
  }
  if (parser.size === first) parser.report("a list of type parameters cannot be empty", parser.tokenStart);
  parser.expect(Token.CloseBracket);
  parser.placeAll(first, Role.type_params);
}

function parseTypeParameter(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  let kind = Kind.TypeVar;
  if (parser.skip(Token.Star)) kind = Kind.TypeVarTuple;
  else if (parser.skip(Token.DoubleStar)) kind = Kind.ParamSpec;
  const name = parser.expectName();
  if (parser.skip(Token.Colon)) parser.place(parseExpression(parser), Role.bound);
  if (parser.skip(Token.Equal)) parser.place(parseAnnotation(parser), Role.default_value);
  parser.emitNamed(kind, start, first, name);
}
