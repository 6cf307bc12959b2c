// Simple statements: assignments, expressions, and the one-line keyword statements (imports: parse-import.ts).
// What enters: a parser at the start of a statement. What leaves: the statement's node.

import { isWordByte } from "./byte-class.ts";
import { ExpressionContext, PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseExpression, parseTarget, parseTuple, parseYieldOrTuple } from "./parse-expression.ts";
import { parseIdentifier } from "./parse-identifier.ts";
import { parseFromImport, parseImport } from "./parse-import.ts";
import { parseTypeParameters } from "./parse-parameters.ts";
import type { Parser } from "./parser.ts";
import { firstAugmentedAssignment, SoftKeyword, Token } from "./token.ts";

const keywordStatements = new Map<number, (parser: Parser) => void>([
  [Token.Pass, (parser) => parseBareKeyword(parser, Kind.Pass)],
  [Token.Break, (parser) => parseBareKeyword(parser, Kind.Break)],
  [Token.Continue, (parser) => parseBareKeyword(parser, Kind.Continue)],
  [Token.Global, (parser) => parseScopeDeclaration(parser, Kind.Global)],
  [Token.Nonlocal, (parser) => parseScopeDeclaration(parser, Kind.Nonlocal)],
  [Token.Return, parseReturn],
  [Token.Raise, parseRaise],
  [Token.Del, parseDelete],
  [Token.Assert, parseAssert],
  [Token.Import, parseImport],
  [Token.From, parseFromImport],
]);

export function parseSimpleStatement(parser: Parser): void {
  const parseKeyword = keywordStatements.get(parser.token);
  if (parseKeyword !== undefined) parseKeyword(parser);
  else if (!isTypeAlias(parser) || !parseTypeAlias(parser)) parseExpressionStatement(parser);
}

function endsStatement(token: number): boolean {
  return token === Token.Newline || token === Token.Semicolon || token === Token.EndOfFile;
}

function parseBareKeyword(parser: Parser, kind: number): void {
  const start = parser.tokenStart;
  parser.next();
  parser.emit(kind, start, parser.size);
}

function parseScopeDeclaration(parser: Parser, kind: number): void {
  const start = parser.tokenStart;
  const first = parser.size;
  do {
    parser.next();
    parser.place(parseIdentifier(parser), Role.names);
  } while (parser.token === Token.Comma);
  parser.emit(kind, start, first);
}

function parseReturn(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  if (!endsStatement(parser.token)) parser.place(parseTuple(parser), Role.value);
  parser.emit(Kind.Return, start, first);
}

function parseRaise(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  if (!endsStatement(parser.token)) {
    parser.place(parseExpression(parser), Role.exc);
    if (parser.skip(Token.From)) parser.place(parseExpression(parser), Role.cause);
  }
  parser.emit(Kind.Raise, start, first);
}

function parseDelete(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  do {
    const target = parseTarget(parser);
    parser.setContext(target, ExpressionContext.Del);
    parser.place(target, Role.targets);
  } while (parser.skip(Token.Comma) && !endsStatement(parser.token));
  parser.emit(Kind.Delete, start, first);
}

function parseAssert(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  parser.place(parseExpression(parser), Role.test);
  if (parser.skip(Token.Comma)) parser.place(parseExpression(parser), Role.msg);
  parser.emit(Kind.Assert, start, first);
}

/** Only "type" followed by another word can begin an alias: no expression has two words side by side. */
function isTypeAlias(parser: Parser): boolean {
  return parser.token === Token.Name && parser.tokenName === SoftKeyword.type && isWordByte[parser.peekByte()] === 1;
}

/** `type Name[T] = value`; false when the word after "type" is a keyword operator, as in `type is None`. */
function parseTypeAlias(parser: Parser): boolean {
  const start = parser.tokenStart;
  const first = parser.size;
  const mark = parser.markParser();
  parser.next();
  if (parser.token !== Token.Name) {
    parser.resetParser(mark);
    return false;
  }
  const nameStart = parser.tokenStart;
  const name = parser.emitNamed(Kind.Name, nameStart, parser.size, parser.expectName());
  parser.setContext(name, ExpressionContext.Store);
  parser.place(name, Role.name);
  parseTypeParameters(parser);
  parser.expect(Token.Equal);
  parser.place(parseExpression(parser), Role.value);
  parser.emit(Kind.TypeAlias, start, first);
  return true;
}

/** An expression, and what "=", an augmented operator or a colon after it make of it. */
function parseExpressionStatement(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  const node = parseYieldOrTuple(parser);
  if (parser.token === Token.Equal) {
    parseAssignment(parser, start, node);
  } else if (parser.token === Token.Colon) {
    parseAnnotatedAssignment(parser, start, node);
  } else if (parser.token > firstAugmentedAssignment) {
    parseAugmentedAssignment(parser, start, node);
  } else {
    parser.place(node, Role.value);
    parser.emit(Kind.Expr, start, first);
  }
}

function parseAssignment(parser: Parser, start: number, firstTarget: number): void {
  const first = parser.first[firstTarget]!;
  let node = firstTarget;
  while (parser.skip(Token.Equal)) {
    parser.setContext(node, ExpressionContext.Store);
    parser.place(node, Role.targets);
    node = parseYieldOrTuple(parser);
  }
  parser.place(node, Role.value);
  parser.emit(Kind.Assign, start, first);
}

function parseAugmentedAssignment(parser: Parser, start: number, target: number): void {
  const operator = parser.token - firstAugmentedAssignment;
  parseSingleTarget(parser, target);
  parser.next();
  parser.place(parseYieldOrTuple(parser), Role.value);
  parser.emitDetailed(Kind.AugAssign, start, parser.first[target]!, operator);
}

/** Detail 1 is `ast`'s "simple": a name without parentheses, which becomes a variable even without a value. */
function parseAnnotatedAssignment(parser: Parser, start: number, target: number): void {
  parseSingleTarget(parser, target);
  const isSimple = parser.kind[target] === Kind.Name && parser.start[target] === start;
  parser.next();
  parser.place(parseExpression(parser), Role.annotation);
  if (parser.skip(Token.Equal)) parser.place(parseYieldOrTuple(parser), Role.value);
  parser.emitDetailed(Kind.AnnAssign, start, parser.first[target]!, isSimple ? 1 : 0);
}

/** Targets of augmented and annotated assignments are one name, attribute or subscript. */
function parseSingleTarget(parser: Parser, target: number): void {
  const kind = parser.kind[target];
  if (kind === Kind.Tuple || kind === Kind.List || kind === Kind.Starred) {
    parser.report("only single targets can be annotated or augmented", parser.start[target]!);
  }
  parser.setContext(target, ExpressionContext.Store);
  parser.place(target, Role.target);
}
