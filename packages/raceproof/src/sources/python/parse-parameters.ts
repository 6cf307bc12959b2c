// Parameters of functions and lambdas, and type parameters.
// What enters: a parser after the opening token. What leaves: arg, default and type-parameter nodes in source order,
// each with its `ast` role; it stays on the closing token.

import { PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseElement, parseExpression } from "./parse-expression.ts";
import type { Parser } from "./parser.ts";
import { Token } from "./token.ts";

/** Parameters up to `close`, which is ")" for functions and ":" for lambdas (these have no annotations). */
export function parseParameters(parser: Parser, close: number): void {
  const first = parser.size;
  let isAfterStar = false;
  while (parser.token !== close) {
    if (parser.skip(Token.Slash)) {
      makePositionalOnly(parser, first);
    } else if (parser.skip(Token.DoubleStar)) {
      parser.place(parseParameter(parser, close), Role.kwarg);
    } else if (parser.skip(Token.Star)) {
      isAfterStar = true;
      if (parser.token !== Token.Comma) parser.place(parseParameter(parser, close), Role.vararg);
    } else {
      parser.place(parseParameter(parser, close), isAfterStar ? Role.kwonlyargs : Role.args);
      if (parser.skip(Token.Equal)) parser.place(parseExpression(parser), isAfterStar ? Role.kw_defaults : Role.defaults);
    }
    if (!parser.skip(Token.Comma)) break;
  }
}

function makePositionalOnly(parser: Parser, first: number): void {
  for (let node = parser.size - 1; node >= first; node = parser.first[node]! - 1) {
    if (parser.role[node] === Role.args) parser.place(node, Role.posonlyargs);
  }
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
