// Expressions from the conditional down to unary operators, with lambda, yield, walrus, targets and tuples without
// parentheses.
// What enters: a parser standing on an expression. What leaves: the id of the node that was appended.

import { ExpressionContext, PythonKind as Kind, PythonOperator as Operator, PythonRole as Role } from "./kinds.ts";
import { parseParameters } from "./parse-parameters.ts";
import { parsePrimary } from "./parse-primary.ts";
import type { Parser } from "./parser.ts";
import { describeToken, operatorOf, Precedence, precedenceOf, startsExpression, Token } from "./token.ts";

/** named_expression: an expression, or NAME := expression. */
export function parseNamedExpression(parser: Parser): number {
  const node = parseExpression(parser);
  return parser.token === Token.Walrus ? parseWalrus(parser, node) : node;
}

function parseWalrus(parser: Parser, target: number): number {
  if (!parser.isBareName(target)) parser.fail("cannot use an assignment expression with this target");
  parser.setContext(target, ExpressionContext.Store);
  parser.place(target, Role.target);
  parser.next();
  parser.place(parseExpression(parser), Role.value);
  return parser.emit(Kind.NamedExpr, parser.start[target]!, parser.first[target]!);
}

/** expression: a conditional expression or a lambda. */
export function parseExpression(parser: Parser): number {
  if (parser.token === Token.Lambda) return parseLambda(parser);
  const start = parser.tokenStart;
  const node = parseOperation(parser, Precedence.lowest);
  return parser.token === Token.If ? parseConditional(parser, start, node) : node;
}

function parseConditional(parser: Parser, start: number, body: number): number {
  parser.enter();
  parser.place(body, Role.body);
  parser.next();
  parser.place(parseOperation(parser, Precedence.lowest), Role.test);
  parser.expect(Token.Else);
  parser.place(parseExpression(parser), Role.orelse);
  parser.leave();
  return parser.emit(Kind.IfExp, start, parser.first[body]!);
}

function parseLambda(parser: Parser): number {
  if (parser.fieldDepth > 0 && parser.depth === parser.fieldDepth) parser.fail("a lambda in an f-string needs parentheses");
  parser.enter();
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  parseParameters(parser, Token.Colon);
  parser.expect(Token.Colon);
  parser.place(parseExpression(parser), Role.body);
  parser.leave();
  return parser.emit(Kind.Lambda, start, first);
}

/** An operand and the infix operators after it that bind tighter than `minimum`. */
export function parseOperation(parser: Parser, minimum: number): number {
  const start = parser.tokenStart;
  let node = parser.token === Token.Not ? parseNot(parser, minimum) : parseUnary(parser);
  for (;;) {
    const precedence = precedenceOf[parser.token]!;
    if (precedence <= minimum) return node;
    if (precedence > Precedence.comparison) node = parseBinary(parser, start, node);
    else if (precedence === Precedence.comparison) node = parseComparison(parser, start, node);
    else node = parseBoolean(parser, start, node);
  }
}

function parseNot(parser: Parser, minimum: number): number {
  if (minimum > Precedence.not) parser.fail("unexpected 'not'");
  parser.enter();
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  parser.place(parseOperation(parser, Precedence.not), Role.operand);
  parser.leave();
  return parser.emitDetailed(Kind.UnaryOp, start, first, Operator.Not);
}

function parseBinary(parser: Parser, start: number, left: number): number {
  const token = parser.token;
  parser.place(left, Role.left);
  parser.next();
  parser.place(parseOperation(parser, precedenceOf[token]!), Role.right);
  return parser.emitDetailed(Kind.BinOp, start, parser.first[left]!, operatorOf[token]!);
}

/** All the operands of a run of one boolean operator belong to one node. */
function parseBoolean(parser: Parser, start: number, left: number): number {
  const token = parser.token;
  parser.place(left, Role.values);
  while (parser.skip(token)) parser.place(parseOperation(parser, precedenceOf[token]!), Role.values);
  return parser.emitDetailed(Kind.BoolOp, start, parser.first[left]!, operatorOf[token]!);
}

function parseComparison(parser: Parser, start: number, left: number): number {
  parser.place(left, Role.left);
  while (precedenceOf[parser.token] === Precedence.comparison) {
    parseComparisonOperator(parser);
    parser.place(parseOperation(parser, Precedence.comparison), Role.comparators);
  }
  return parser.emit(Kind.Compare, start, parser.first[left]!);
}

function parseComparisonOperator(parser: Parser): void {
  const start = parser.tokenStart;
  const token = parser.token;
  let operator = operatorOf[token]!;
  parser.next();
  if (token === Token.Not) parser.expect(Token.In);
  else if (token === Token.Is && parser.skip(Token.Not)) operator = Operator.IsNot;
  const node = parser.emitDetailed(Kind.CompareOperator, start, parser.size, operator);
  parser.place(node, Role.ops);
}

function parseUnary(parser: Parser): number {
  switch (parser.token) {
    case Token.Minus:
      return parseSign(parser, Operator.USub);
    case Token.Plus:
      return parseSign(parser, Operator.UAdd);
    case Token.Tilde:
      return parseSign(parser, Operator.Invert);
    default:
      return parsePower(parser);
  }
}

function parseSign(parser: Parser, operator: number): number {
  parser.enter();
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  parser.place(parseUnary(parser), Role.operand);
  parser.leave();
  return parser.emitDetailed(Kind.UnaryOp, start, first, operator);
}

function parsePower(parser: Parser): number {
  const start = parser.tokenStart;
  const left = parser.token === Token.Await ? parseAwait(parser) : parsePrimary(parser);
  if (parser.token !== Token.DoubleStar) return left;
  parser.enter();
  parser.place(left, Role.left);
  parser.next();
  parser.place(parseUnary(parser), Role.right);
  parser.leave();
  return parser.emitDetailed(Kind.BinOp, start, parser.first[left]!, Operator.Pow);
}

function parseAwait(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  parser.place(parsePrimary(parser), Role.value);
  return parser.emit(Kind.Await, start, first);
}

/** A yield expression, or star_expressions: one expression, or a tuple without parentheses. */
export function parseYieldOrTuple(parser: Parser): number {
  return parser.token === Token.Yield ? parseYield(parser) : parseTuple(parser);
}

export function parseYield(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  if (parser.skip(Token.From)) {
    parser.place(parseExpression(parser), Role.value);
    return parser.emit(Kind.YieldFrom, start, first);
  }
  if (startsExpression[parser.token] === 1) parser.place(parseTuple(parser), Role.value);
  return parser.emit(Kind.Yield, start, first);
}

/** star_expressions: one expression, or a tuple without parentheses. */
export function parseTuple(parser: Parser): number {
  const start = parser.tokenStart;
  const node = parser.token === Token.Star ? parseStarred(parser) : parseExpression(parser);
  if (parser.token !== Token.Comma) return node;
  const first = parser.first[node]!;
  while (parser.skip(Token.Comma) && startsExpression[parser.token] === 1) {
    if (parser.token === Token.Star) parseStarred(parser);
    else parseExpression(parser);
  }
  return finishTuple(parser, start, first);
}

/** star_named_expression: an element of a display, a subject, or a parenthesized tuple. */
export function parseElement(parser: Parser): number {
  return parser.token === Token.Star ? parseStarred(parser) : parseNamedExpression(parser);
}

function parseStarred(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  parser.place(parseOperation(parser, Precedence.comparison), Role.value);
  return parser.emit(Kind.Starred, start, first);
}

/** `*expression`, as arguments, bases and indexes have it. */
export function parseStarredArgument(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  parser.place(parseExpression(parser), Role.value);
  return parser.emit(Kind.Starred, start, first);
}

/** Makes the nodes from `first` on the elements of a tuple. */
export function finishTuple(parser: Parser, start: number, first: number): number {
  parser.placeAll(first, Role.elts);
  return parser.emit(Kind.Tuple, start, first);
}

/** The targets of for and comprehensions, up to "in". */
export function parseLoopTarget(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  let node = parseTarget(parser);
  if (parser.token === Token.Comma) {
    while (parser.skip(Token.Comma) && parser.token !== Token.In) parseTarget(parser);
    node = finishTuple(parser, start, first);
  }
  parser.setContext(node, ExpressionContext.Store);
  if (parser.token !== Token.In) parser.fail(`expected 'in', found ${describeToken(parser.token)}`);
  return node;
}

/** star_target: what can be assigned to, perhaps with a star; its context is left to the caller. */
export function parseTarget(parser: Parser): number {
  if (parser.token === Token.Star) return parseStarred(parser);
  return parseOperation(parser, Precedence.comparison);
}

/** One or more `for ... in ... if ...` clauses. */
export function parseComprehensionClauses(parser: Parser): void {
  while (parser.token === Token.For || parser.token === Token.Async) {
    const start = parser.tokenStart;
    const first = parser.size;
    const isAsync = parser.skip(Token.Async);
    parser.expect(Token.For);
    parser.place(parseLoopTarget(parser), Role.target);
    parser.expect(Token.In);
    parser.place(parseOperation(parser, Precedence.lowest), Role.iter);
    while (parser.skip(Token.If)) parser.place(parseOperation(parser, Precedence.lowest), Role.ifs);
    const clause = parser.emitDetailed(Kind.comprehension, start, first, isAsync ? 1 : 0);
    parser.place(clause, Role.generators);
  }
}
