// Patterns of match statements (PEP 634).
// What enters: a parser on a pattern. What leaves: the id of the Match* node that was appended.

import { ConstantType, PythonKind as Kind, PythonOperator as Operator, PythonRole as Role } from "./kinds.ts";
import { parseAtom } from "./parse-atom.ts";
import { parseIdentifier } from "./parse-identifier.ts";
import type { Parser } from "./parser.ts";
import { describeToken, operatorOf, SoftKeyword, Token } from "./token.ts";

/** The pattern of a case: one pattern, or a sequence without brackets. */
export function parseCasePattern(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  const node = parseSequenceItem(parser);
  if (parser.token !== Token.Comma && parser.kind[node] !== Kind.MatchStar) return node;
  while (parser.skip(Token.Comma) && parser.token !== Token.Colon && parser.token !== Token.If) parseSequenceItem(parser);
  return finishSequence(parser, start, first);
}

function finishSequence(parser: Parser, start: number, first: number): number {
  parser.placeAll(first, Role.patterns);
  return parser.emit(Kind.MatchSequence, start, first);
}

function parseSequenceItem(parser: Parser): number {
  const start = parser.tokenStart;
  if (!parser.skip(Token.Star)) return parsePattern(parser);
  const name = expectCapture(parser);
  return parser.emitNamed(Kind.MatchStar, start, parser.size, name);
}

/** Name id of a capture, 0 for the wildcard. */
function expectCapture(parser: Parser): number {
  const name = parser.expectName();
  return name === SoftKeyword.underscore ? 0 : name;
}

/** as_pattern. */
function parsePattern(parser: Parser): number {
  const start = parser.tokenStart;
  const node = parseAlternatives(parser);
  if (!parser.skip(Token.As)) return node;
  parser.place(node, Role.pattern);
  const name = expectCapture(parser);
  return parser.emitNamed(Kind.MatchAs, start, parser.first[node]!, name);
}

function parseAlternatives(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  const node = parseClosedPattern(parser);
  if (parser.token !== Token.Bar) return node;
  while (parser.skip(Token.Bar)) parseClosedPattern(parser);
  parser.placeAll(first, Role.patterns);
  return parser.emit(Kind.MatchOr, start, first);
}

function parseClosedPattern(parser: Parser): number {
  switch (parser.token) {
    case Token.None:
      return parseSingletonPattern(parser, ConstantType.None);
    case Token.True:
      return parseSingletonPattern(parser, ConstantType.True);
    case Token.False:
      return parseSingletonPattern(parser, ConstantType.False);
    case Token.Number:
    case Token.Minus:
    case Token.String:
    case Token.FormattedString:
      return finishValue(parser, parseLiteral(parser));
    case Token.OpenParenthesis:
    case Token.OpenBracket:
      return parseSequencePattern(parser);
    case Token.OpenBrace:
      return parseMappingPattern(parser);
    case Token.Name:
      return parseNamePattern(parser);
    default:
      return parser.fail(`expected a pattern, found ${describeToken(parser.token)}`);
  }
}

function parseSingletonPattern(parser: Parser, type: number): number {
  const start = parser.tokenStart;
  parser.next();
  return parser.emitDetailed(Kind.MatchSingleton, start, parser.size, type);
}

/** A string, or a number, which may be negative or complex (`-1 + 2j`); as a mapping's key also None, True or False. */
function parseLiteral(parser: Parser): number {
  if (parser.token !== Token.Number && parser.token !== Token.Minus) return parseAtom(parser);
  const start = parser.tokenStart;
  const real = parseSignedNumber(parser);
  const operator = parser.token;
  if (operator !== Token.Plus && operator !== Token.Minus) return real;
  parser.place(real, Role.left);
  parser.next();
  if (parser.token !== Token.Number) parser.fail(`expected a number, found ${describeToken(parser.token)}`);
  parser.place(parseAtom(parser), Role.right);
  return parser.emitDetailed(Kind.BinOp, start, parser.first[real]!, operatorOf[operator]!);
}

function parseSignedNumber(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  const isNegative = parser.skip(Token.Minus);
  if (parser.token !== Token.Number) parser.fail(`expected a number, found ${describeToken(parser.token)}`);
  const number = parseAtom(parser);
  if (!isNegative) return number;
  parser.place(number, Role.operand);
  return parser.emitDetailed(Kind.UnaryOp, start, first, Operator.USub);
}

function finishValue(parser: Parser, value: number): number {
  parser.place(value, Role.value);
  return parser.emit(Kind.MatchValue, parser.start[value]!, parser.first[value]!);
}

/** In brackets always a sequence; in parentheses a sequence only when empty or with a comma. */
function parseSequencePattern(parser: Parser): number {
  parser.enter();
  const start = parser.tokenStart;
  const first = parser.size;
  const close = parser.token === Token.OpenBracket ? Token.CloseBracket : Token.CloseParenthesis;
  let last = -1;
  let hasComma = false;
  parser.next();
  while (parser.token !== close) {
    last = parseSequenceItem(parser);
    if (!parser.skip(Token.Comma)) break;
    hasComma = true;
  }
  parser.expect(close);
  parser.leave();
  const isGroup = close === Token.CloseParenthesis && last >= 0 && !hasComma && parser.kind[last] !== Kind.MatchStar;
  return isGroup ? last : finishSequence(parser, start, first);
}

/** Keys and patterns in turn; the name is that of `**rest`. */
function parseMappingPattern(parser: Parser): number {
  parser.enter();
  const start = parser.tokenStart;
  const first = parser.size;
  let rest = 0;
  parser.next();
  while (parser.token !== Token.CloseBrace) {
    if (parser.skip(Token.DoubleStar)) {
      rest = parser.expectName();
    } else {
      parser.place(parseMappingKey(parser), Role.keys);
      parser.expect(Token.Colon);
      parser.place(parsePattern(parser), Role.patterns);
    }
    if (!parser.skip(Token.Comma)) break;
  }
  parser.expect(Token.CloseBrace);
  parser.leave();
  return parser.emitNamed(Kind.MatchMapping, start, first, rest);
}

function parseMappingKey(parser: Parser): number {
  switch (parser.token) {
    case Token.Name: {
      const node = parseDottedValue(parser);
      if (parser.kind[node] === Kind.Name) parser.report("a name cannot be a mapping pattern's key", parser.start[node]!);
      return node;
    }
    case Token.Number:
    case Token.Minus:
    case Token.String:
    case Token.FormattedString:
    case Token.None:
    case Token.True:
    case Token.False:
      return parseLiteral(parser);
    default:
      return parser.fail(`expected a key, found ${describeToken(parser.token)}`);
  }
}

/** NAME or NAME.NAME... as an expression. */
function parseDottedValue(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  const name = parser.expectName();
  let node = parser.emitNamed(Kind.Name, start, first, name);
  while (parser.skip(Token.Dot)) {
    parser.place(node, Role.value);
    const attribute = parser.expectName();
    node = parser.emitNamed(Kind.Attribute, start, first, attribute);
  }
  return node;
}

/** A capture, a wildcard, a dotted value or a class pattern. */
function parseNamePattern(parser: Parser): number {
  const node = parseDottedValue(parser);
  if (parser.token === Token.OpenParenthesis) return parseClassPattern(parser, node);
  if (parser.kind[node] === Kind.Attribute) return finishValue(parser, node);
  const start = parser.start[node]!;
  const name = parser.name[node]!;
  parser.truncate(node);
  return parser.emitNamed(Kind.MatchAs, start, node, name === SoftKeyword.underscore ? 0 : name);
}

function parseClassPattern(parser: Parser, cls: number): number {
  parser.enter();
  parser.place(cls, Role.cls);
  parser.next();
  let hasKeyword = false;
  while (parser.token !== Token.CloseParenthesis) {
    const start = parser.tokenStart;
    const isKeyword = parseClassArgument(parser);
    if (hasKeyword && !isKeyword) parser.report("positional pattern after a keyword pattern", start);
    hasKeyword = isKeyword;
    if (!parser.skip(Token.Comma)) break;
  }
  parser.expect(Token.CloseParenthesis);
  parser.leave();
  return parser.emit(Kind.MatchClass, parser.start[cls]!, parser.first[cls]!);
}

/** True for `attribute=pattern`. */
function parseClassArgument(parser: Parser): boolean {
  const mark = parser.markParser();
  if (parser.token === Token.Name) {
    const attribute = parseIdentifier(parser);
    if (parser.skip(Token.Equal)) {
      parser.place(attribute, Role.kwd_attrs);
      parser.place(parsePattern(parser), Role.kwd_patterns);
      return true;
    }
    parser.resetParser(mark);
  }
  parser.place(parsePattern(parser), Role.patterns);
  return false;
}
