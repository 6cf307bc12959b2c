// Statements, blocks and what happens when one does not parse.
// What enters: a parser at the start of a file or block. What leaves: statement nodes; in the place of a statement that
// does not parse an Error node (with the statements of its block, if one follows) and a problem.

import { PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { compoundStatements } from "./parse-compound.ts";
import { parseMatch } from "./parse-match.ts";
import { parseSimpleStatement } from "./parse-simple.ts";
import { type Parser, parseFailure } from "./parser.ts";
import { Byte, ByteClass, byteClassOf } from "./byte-class.ts";
import { describeToken, SoftKeyword, Token } from "./token.ts";

/** Everything up to the end of the file. */
export function parseModule(parser: Parser): void {
  const start = parser.tokenStart;
  parser.next();
  while (parser.token !== Token.EndOfFile) {
    if (!parser.skip(Token.Dedent)) parseStatement(parser);
  }
  parser.placeAll(0, Role.body);
  parser.previousEnd = parser.length;
  parser.emit(Kind.Module, start, 0);
}

/** `:` and the statements of a block, on the same line or indented below; `role` is their role in the parent. */
export function parseBlock(parser: Parser, role: number): void {
  const first = parser.size;
  parser.expect(Token.Colon);
  parser.enter();
  if (parser.skip(Token.Newline)) {
    if (parser.token !== Token.Indent) parser.fail(`expected an indented block, found ${describeToken(parser.token)}`);
    parseIndented(parser, parseStatement);
  } else {
    parseSimpleLine(parser);
  }
  parser.leave();
  parser.placeAll(first, role);
}

/** From an Indent to behind its Dedent. */
export function parseIndented(parser: Parser, parseItem: (parser: Parser) => void): void {
  parser.next();
  while (parser.token !== Token.Dedent && parser.token !== Token.EndOfFile) parseItem(parser);
  parser.skip(Token.Dedent);
}

function parseStatement(parser: Parser): void {
  parseGuarded(parser, parseAnyStatement);
}

/** Parses one item; when it fails, an Error node takes its place and parsing goes on behind it. */
export function parseGuarded(parser: Parser, parseItem: (parser: Parser) => void): void {
  const { size, tokenStart, nesting, indentDepth } = parser;
  try {
    parseItem(parser);
  } catch (thrown) {
    if (thrown !== parseFailure) throw thrown;
    parser.report(parser.failureMessage, parser.failureOffset);
    parser.truncate(size);
    parser.nesting = nesting;
    parser.resumeAtLine(lineToResumeAt(parser, tokenStart), indentDepth);
    finishError(parser, tokenStart, size);
  }
}

/** The statements indented under the failed line stay known, as children of its Error node. */
function finishError(parser: Parser, start: number, first: number): void {
  if (parser.token === Token.Indent) {
    if (parser.canEnter()) {
      parser.enter();
      parseIndented(parser, parseStatement);
      parser.leave();
    } else {
      skipIndented(parser);
    }
  }
  parser.placeAll(first, Role.body);
  const node = parser.emit(Kind.Error, start, first);
  parser.end[node] = Math.max(start, parser.previousEnd);
}

function skipIndented(parser: Parser): void {
  let open = 0;
  do {
    if (parser.token === Token.Indent) open++;
    else if (parser.token === Token.Dedent) open--;
    parser.next();
  } while (open > 0 && parser.token !== Token.EndOfFile);
}

/**
 * The line after the one with the token that failed; or that very line when the token begins it, because then the
 * statement before it was most likely left open.
 */
function lineToResumeAt(parser: Parser, statementStart: number): number {
  const { source, length, failureOffset } = parser;
  let lineStart = failureOffset;
  while (lineStart > 0 && isBlank(source[lineStart - 1]!)) lineStart--;
  const beginsLine = lineStart > 0 && byteClassOf[source[lineStart - 1]!] === ByteClass.newline;
  if (beginsLine && lineStart > statementStart) return lineStart;
  let at = failureOffset;
  while (at < length && byteClassOf[source[at]!] !== ByteClass.newline) at++;
  return Math.min(length, source[at] === Byte.carriageReturn && source[at + 1] === Byte.lineFeed ? at + 2 : at + 1);
}

function isBlank(character: number): boolean {
  return character === Byte.space || character === Byte.tab || character === Byte.formFeed;
}

function parseAnyStatement(parser: Parser): void {
  const parseCompound = compoundStatements.get(parser.token);
  if (parseCompound !== undefined) parseCompound(parser);
  else if (parser.token === Token.Name && parser.tokenName === SoftKeyword.match && parseMatch(parser)) return;
  else if (parser.token === Token.Indent) parseStrayBlock(parser);
  else parseSimpleLine(parser);
}

function parseStrayBlock(parser: Parser): void {
  const { tokenStart, size } = parser;
  parser.report("unexpected indent", tokenStart);
  finishError(parser, tokenStart, size);
}

/** Simple statements between semicolons, to the end of the line. */
function parseSimpleLine(parser: Parser): void {
  do {
    parseSimpleStatement(parser);
  } while (parser.skip(Token.Semicolon) && parser.token !== Token.Newline);
  if (parser.token !== Token.Newline) parser.fail(`expected end of line, found ${describeToken(parser.token)}`);
  parser.next();
}
