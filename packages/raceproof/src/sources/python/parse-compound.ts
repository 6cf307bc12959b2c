// Compound statements except match: if, while, for, try, with, def, class, and their async forms.
// What enters: a parser on the first keyword or decorator. What leaves: the statement's node.

import { ExpressionContext, PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseExpression, parseLoopTarget, parseNamedExpression, parseTarget, parseTuple } from "./parse-expression.ts";
import { parseParameters, parseTypeParameters } from "./parse-parameters.ts";
import { parseArguments } from "./parse-primary.ts";
import { parseBlock } from "./parse-statement.ts";
import type { Parser } from "./parser.ts";
import { describeToken, Token } from "./token.ts";

/** Where a statement's node begins: its first byte, and its first descendant (its decorators come before its first byte). */
interface Beginning {
  readonly start: number;
  readonly first: number;
}

export const compoundStatements: ReadonlyMap<number, (parser: Parser) => void> = new Map<number, (parser: Parser) => void>([
  [Token.If, parseIf],
  [Token.While, parseWhile],
  [Token.For, (parser) => parseFor(parser, beginningOf(parser), Kind.For)],
  [Token.Try, parseTry],
  [Token.With, (parser) => parseWith(parser, beginningOf(parser), Kind.With)],
  [Token.Def, (parser) => parseFunction(parser, beginningOf(parser), Kind.FunctionDef)],
  [Token.Class, (parser) => parseClass(parser, beginningOf(parser))],
  [Token.Async, (parser) => parseAsync(parser, parser.size)],
  [Token.At, parseDecorated],
]);

function beginningOf(parser: Parser): Beginning {
  return { start: parser.tokenStart, first: parser.size };
}

function parseElse(parser: Parser): void {
  if (parser.skip(Token.Else)) parseBlock(parser, Role.orelse);
}

/** Each elif is an If in its predecessor's orelse; read in a loop, since chains of thousands exist. */
function parseIf(parser: Parser): void {
  const chain: Beginning[] = [];
  do {
    chain.push(beginningOf(parser));
    parser.next();
    parser.place(parseNamedExpression(parser), Role.test);
    parseBlock(parser, Role.body);
  } while (parser.token === Token.Elif);
  parseElse(parser);
  for (let link = chain.pop(); link !== undefined; link = chain.pop()) {
    const node = parser.emit(Kind.If, link.start, link.first);
    parser.place(node, Role.orelse);
  }
}

function parseWhile(parser: Parser): void {
  const { start, first } = beginningOf(parser);
  parser.next();
  parser.place(parseNamedExpression(parser), Role.test);
  parseBlock(parser, Role.body);
  parseElse(parser);
  parser.emit(Kind.While, start, first);
}

function parseFor(parser: Parser, beginning: Beginning, kind: number): void {
  parser.next();
  parser.place(parseLoopTarget(parser), Role.target);
  parser.next();
  parser.place(parseTuple(parser), Role.iter);
  parseBlock(parser, Role.body);
  parseElse(parser);
  parser.emit(kind, beginning.start, beginning.first);
}

function parseTry(parser: Parser): void {
  const { start, first } = beginningOf(parser);
  let kind = Kind.Try;
  let isHandled = false;
  parser.next();
  parseBlock(parser, Role.body);
  while (parser.token === Token.Except) {
    const handlerStart = parser.tokenStart;
    const handledKind = parseHandler(parser) ? Kind.TryStar : Kind.Try;
    if (isHandled && handledKind !== kind) parser.report("both 'except' and 'except*' in one 'try'", handlerStart);
    kind = handledKind;
    isHandled = true;
  }
  if (isHandled) parseElse(parser);
  if (parser.skip(Token.Finally)) parseBlock(parser, Role.finalbody);
  else if (!isHandled) parser.report("expected 'except' or 'finally'", parser.tokenStart);
  parser.emit(kind, start, first);
}

/** True for `except*`. Without parentheses several types may follow since Python 3.14 (PEP 758). */
function parseHandler(parser: Parser): boolean {
  const { start, first } = beginningOf(parser);
  let name = 0;
  parser.next();
  const isStar = parser.skip(Token.Star);
  if (parser.token !== Token.Colon) {
    parser.place(parseTuple(parser), Role.type);
    if (parser.skip(Token.As)) name = parser.expectName();
  } else if (isStar) {
    parser.report("expected one or more exception types", parser.tokenStart);
  }
  parseBlock(parser, Role.body);
  const node = parser.emitNamed(Kind.ExceptHandler, start, first, name);
  parser.place(node, Role.handlers);
  return isStar;
}

function parseWith(parser: Parser, beginning: Beginning, kind: number): void {
  parser.next();
  const isGrouped = parser.token === Token.OpenParenthesis && parser.attempt(() => parseGroupedItems(parser));
  if (!isGrouped) {
    do {
      parseWithItem(parser);
    } while (parser.skip(Token.Comma));
  }
  parseBlock(parser, Role.body);
  parser.emit(kind, beginning.start, beginning.first);
}

/** `(item, item as target,)` before the colon; otherwise the parentheses belong to the first item's expression. */
function parseGroupedItems(parser: Parser): boolean {
  parser.next();
  do {
    parseWithItem(parser);
  } while (parser.skip(Token.Comma) && parser.token !== Token.CloseParenthesis);
  return parser.skip(Token.CloseParenthesis) && parser.token === Token.Colon;
}

function parseWithItem(parser: Parser): void {
  const { start, first } = beginningOf(parser);
  parser.place(parseExpression(parser), Role.context_expr);
  if (parser.skip(Token.As)) {
    const target = parseTarget(parser);
    parser.setContext(target, ExpressionContext.Store);
    parser.place(target, Role.optional_vars);
  }
  parser.place(parser.emit(Kind.withitem, start, first), Role.items);
}

function parseFunction(parser: Parser, beginning: Beginning, kind: number): void {
  parser.next();
  const name = parser.expectName();
  parseTypeParameters(parser);
  parser.expect(Token.OpenParenthesis);
  parseParameters(parser, Token.CloseParenthesis);
  parser.expect(Token.CloseParenthesis);
  if (parser.skip(Token.Arrow)) parser.place(parseExpression(parser), Role.returns);
  parseBlock(parser, Role.body);
  parser.emitNamed(kind, beginning.start, beginning.first, name);
}

function parseClass(parser: Parser, beginning: Beginning): void {
  parser.next();
  const name = parser.expectName();
  parseTypeParameters(parser);
  if (parser.token === Token.OpenParenthesis) parseArguments(parser, Role.bases);
  parseBlock(parser, Role.body);
  parser.emitNamed(Kind.ClassDef, beginning.start, beginning.first, name);
}

function parseAsync(parser: Parser, first: number): void {
  const beginning = { start: parser.tokenStart, first };
  parser.next();
  if (parser.token === Token.Def) parseFunction(parser, beginning, Kind.AsyncFunctionDef);
  else if (parser.token === Token.For) parseFor(parser, beginning, Kind.AsyncFor);
  else if (parser.token === Token.With) parseWith(parser, beginning, Kind.AsyncWith);
  else parser.fail(`expected 'def', 'for' or 'with' after 'async', found ${describeToken(parser.token)}`);
}

function parseDecorated(parser: Parser): void {
  const first = parser.size;
  while (parser.skip(Token.At)) {
    parser.place(parseNamedExpression(parser), Role.decorator_list);
    parser.expect(Token.Newline);
  }
  const beginning = { start: parser.tokenStart, first };
  if (parser.token === Token.Def) parseFunction(parser, beginning, Kind.FunctionDef);
  else if (parser.token === Token.Class) parseClass(parser, beginning);
  else if (parser.token === Token.Async) parseAsync(parser, first);
  else parser.fail(`expected a definition after decorators, found ${describeToken(parser.token)}`);
}
