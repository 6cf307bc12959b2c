// The match statement and its case blocks (patterns: parse-pattern.ts).
// What enters: a parser on the name "match". What leaves: a Match node, or nothing when it was an ordinary name.

import { Byte, ByteClass, byteClassOf } from "./byte-class.ts";
import { PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { finishTuple, parseElement, parseNamedExpression } from "./parse-expression.ts";
import { parseCasePattern } from "./parse-pattern.ts";
import { parseBlock, parseGuarded, parseIndented } from "./parse-statement.ts";
import type { Parser } from "./parser.ts";
import { SoftKeyword, startsExpression, Token } from "./token.ts";

/** False, with nothing read, unless this is a match statement as far as its first "case". */
export function parseMatch(parser: Parser): boolean {
  const start = parser.tokenStart;
  const first = parser.size;
  if (!canBeSubject(parser) || !parser.attempt(() => parseHeader(parser))) return false;
  parser.enter();
  parseIndented(parser, parseGuardedCase);
  parser.leave();
  parser.emit(Kind.Match, start, first);
  return true;
}

/** A cheap look at the next byte spares most names called "match" the attempt. */
function canBeSubject(parser: Parser): boolean {
  if (parser.source[parser.tokenEnd] === Byte.dot) return false;
  const next = parser.peekByte();
  return (
    next === Byte.backslash ||
    byteClassOf[next] === ByteClass.letter ||
    byteClassOf[next] === ByteClass.digit ||
    byteClassOf[next] === ByteClass.quote ||
    startsExpression[next] === 1 ||
    next === Byte.dot
  );
}

function parseHeader(parser: Parser): boolean {
  parser.next();
  const start = parser.tokenStart;
  const first = parser.size;
  let subject = parseElement(parser);
  if (parser.token === Token.Comma) {
    while (parser.skip(Token.Comma) && startsExpression[parser.token] === 1) parseElement(parser);
    subject = finishTuple(parser, start, first);
  }
  parser.place(subject, Role.subject);
  return parser.skip(Token.Colon) && parser.skip(Token.Newline) && parser.token === Token.Indent && isBeforeCase(parser);
}

/** Whether the word after the Indent token is "case"; the parser stays on the Indent. */
function isBeforeCase(parser: Parser): boolean {
  const mark = parser.markParser();
  parser.next();
  const isCase = parser.token === Token.Name && parser.tokenName === SoftKeyword.case;
  parser.resetParser(mark);
  return isCase;
}

function parseGuardedCase(parser: Parser): void {
  const first = parser.size;
  parseGuarded(parser, parseCase);
  parser.placeAll(first, Role.cases);
}

function parseCase(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  if (parser.tokenName !== SoftKeyword.case) parser.fail("expected 'case'");
  parser.expect(Token.Name);
  parser.place(parseCasePattern(parser), Role.pattern);
  if (parser.skip(Token.If)) parser.place(parseNamedExpression(parser), Role.guard);
  parseBlock(parser, Role.body);
  parser.emit(Kind.match_case, start, first);
}
