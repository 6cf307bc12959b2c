// Atoms: names, literals, and everything in brackets (groups, displays, comprehensions).
// What enters: a parser standing on an atom. What leaves: the id of the node that was appended.

import { ConstantType, PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseComprehensionClauses, parseElement, parseExpression, parseOperation, parseYield } from "./parse-expression.ts";
import { parseStrings } from "./parse-string.ts";
import type { Parser } from "./parser.ts";
import { describeToken, Precedence, Token } from "./token.ts";

export function parseAtom(parser: Parser): number {
  const start = parser.tokenStart;
  switch (parser.token) {
    case Token.Name: {
      const name = parser.tokenName;
      parser.next();
      return parser.emitNamed(Kind.Name, start, parser.size, name);
    }
    case Token.String:
    case Token.FormattedString:
      return parseStrings(parser);
    case Token.Number:
      return parseConstant(parser, parser.literal);
    case Token.OpenParenthesis:
      return parseParenthesized(parser);
    case Token.OpenBracket:
      return parseListDisplay(parser);
    case Token.OpenBrace:
      return parseBraceDisplay(parser);
    default:
      return parseSingleton(parser);
  }
}

function parseConstant(parser: Parser, type: number): number {
  const start = parser.tokenStart;
  parser.next();
  return parser.emitDetailed(Kind.Constant, start, parser.size, type);
}

function parseSingleton(parser: Parser): number {
  switch (parser.token) {
    case Token.None:
      return parseConstant(parser, ConstantType.None);
    case Token.True:
      return parseConstant(parser, ConstantType.True);
    case Token.False:
      return parseConstant(parser, ConstantType.False);
    case Token.Ellipsis:
      return parseConstant(parser, ConstantType.Ellipsis);
    default:
      return parser.fail(`expected an expression, found ${describeToken(parser.token)}`);
  }
}

function startsComprehension(parser: Parser): boolean {
  return parser.token === Token.For || parser.token === Token.Async;
}

/** A tuple, a generator, or a group, which has no node of its own. */
function parseParenthesized(parser: Parser): number {
  parser.enter();
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  let kind = Kind.Tuple;
  let group = -1;
  if (parser.token === Token.Yield) {
    group = parseYield(parser);
  } else if (parser.token !== Token.CloseParenthesis) {
    const node = parseElement(parser);
    if (startsComprehension(parser)) {
      kind = Kind.GeneratorExp;
      finishComprehension(parser, node);
    } else if (parser.token === Token.Comma) {
      parseMoreElements(parser, first, Token.CloseParenthesis);
    } else {
      group = node;
      rejectStar(parser, node);
    }
  }
  parser.expect(Token.CloseParenthesis);
  parser.leave();
  return group >= 0 ? group : parser.emit(kind, start, first);
}

/** The elements after the first, up to the bracket. */
function parseMoreElements(parser: Parser, first: number, close: number): void {
  while (parser.skip(Token.Comma) && parser.token !== close) parseElement(parser);
  parser.placeAll(first, Role.elts);
}

function finishComprehension(parser: Parser, element: number): void {
  rejectStar(parser, element);
  parser.place(element, Role.elt);
  parseComprehensionClauses(parser);
}

function rejectStar(parser: Parser, node: number): void {
  if (parser.kind[node] === Kind.Starred) parser.report("cannot use a starred expression here", parser.start[node]!);
}

function parseListDisplay(parser: Parser): number {
  parser.enter();
  const start = parser.tokenStart;
  const first = parser.size;
  let kind = Kind.List;
  parser.next();
  if (parser.token !== Token.CloseBracket) {
    const element = parseElement(parser);
    if (startsComprehension(parser)) {
      kind = Kind.ListComp;
      finishComprehension(parser, element);
    } else {
      parseMoreElements(parser, first, Token.CloseBracket);
    }
  }
  parser.expect(Token.CloseBracket);
  parser.leave();
  return parser.emit(kind, start, first);
}

/** A dict, a set, or a comprehension of either. */
function parseBraceDisplay(parser: Parser): number {
  parser.enter();
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  const kind = parser.token === Token.CloseBrace ? Kind.Dict : parseBraceBody(parser, first);
  parser.expect(Token.CloseBrace);
  parser.leave();
  return parser.emit(kind, start, first);
}

function parseBraceBody(parser: Parser, first: number): number {
  if (parser.token === Token.DoubleStar) return parseDictItems(parser);
  const element = parseElement(parser);
  if (parser.token === Token.Colon) return parseDictFrom(parser, element);
  if (startsComprehension(parser)) {
    finishComprehension(parser, element);
    return Kind.SetComp;
  }
  parseMoreElements(parser, first, Token.CloseBrace);
  return Kind.Set;
}

/** A dict or dict comprehension whose first key was read. */
function parseDictFrom(parser: Parser, firstKey: number): number {
  parser.next();
  const value = parseExpression(parser);
  if (startsComprehension(parser)) {
    parser.place(firstKey, Role.key);
    parser.place(value, Role.value);
    parseComprehensionClauses(parser);
    return Kind.DictComp;
  }
  parser.place(firstKey, Role.keys);
  parser.place(value, Role.values);
  return parser.skip(Token.Comma) ? parseDictItems(parser) : Kind.Dict;
}

/** `key: value` and `**mapping` items up to the brace; a mapping is a value without a key. */
function parseDictItems(parser: Parser): number {
  while (parser.token !== Token.CloseBrace) {
    if (parser.skip(Token.DoubleStar)) {
      parser.place(parseOperation(parser, Precedence.comparison), Role.values);
    } else {
      parser.place(parseExpression(parser), Role.keys);
      parser.expect(Token.Colon);
      parser.place(parseExpression(parser), Role.values);
    }
    if (!parser.skip(Token.Comma)) break;
  }
  return Kind.Dict;
}
