// Primaries: an atom followed by attributes, calls and subscripts.
// What enters: a parser standing on an atom. What leaves: the id of the node that was appended.

import { PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseAtom } from "./parse-atom.ts";
import { finishTuple, parseComprehensionClauses, parseExpression, parseNamedExpression, parseStarredArgument } from "./parse-expression.ts";
import type { Parser } from "./parser.ts";
import { Token } from "./token.ts";

export function parsePrimary(parser: Parser): number {
  const start = parser.tokenStart;
  let node = parseAtom(parser);
  for (;;) {
    const token = parser.token;
    if (token === Token.Dot) node = parseAttribute(parser, start, node);
    else if (token === Token.OpenParenthesis) node = parseCall(parser, start, node);
    else if (token === Token.OpenBracket) node = parseSubscript(parser, start, node);
    else return node;
  }
}

function parseAttribute(parser: Parser, start: number, value: number): number {
  parser.place(value, Role.value);
  parser.next();
  const name = parser.expectName();
  return parser.emitNamed(Kind.Attribute, start, parser.first[value]!, name);
}

function parseCall(parser: Parser, start: number, func: number): number {
  parser.place(func, Role.func);
  parseArguments(parser, Role.args);
  return parser.emit(Kind.Call, start, parser.first[func]!);
}

/** Where an argument list begins: its parenthesis, and its first node. */
interface ListBeginning {
  readonly open: number;
  readonly first: number;
}

/** Parenthesized arguments of a call, or bases of a class: `positionalRole` is args or bases. */
export function parseArguments(parser: Parser, positionalRole: number): void {
  parser.enter();
  const beginning = { open: parser.tokenStart, first: parser.size };
  let hasKeyword = false;
  parser.next();
  while (parser.token !== Token.CloseParenthesis) {
    const node = parseArgument(parser, beginning, positionalRole);
    if (parser.kind[node] === Kind.keyword) hasKeyword = true;
    else if (hasKeyword && parser.kind[node] !== Kind.Starred) parser.report("positional argument after a keyword argument", parser.start[node]!);
    if (!parser.skip(Token.Comma)) break;
  }
  parser.expect(Token.CloseParenthesis);
  parser.leave();
}

function parseArgument(parser: Parser, beginning: ListBeginning, positionalRole: number): number {
  let node: number;
  let role = positionalRole;
  if (parser.token === Token.Star) {
    node = parseStarredArgument(parser);
  } else if (parser.token === Token.DoubleStar) {
    node = parseUnpackedMapping(parser);
    role = Role.keywords;
  } else {
    node = parseNamedExpression(parser);
    if (parser.token === Token.Equal && parser.isBareName(node)) {
      node = finishKeyword(parser, node);
      role = Role.keywords;
    } else if (parser.token === Token.For || parser.token === Token.Async) {
      node = finishBareGenerator(parser, beginning, node);
    }
  }
  parser.place(node, role);
  return node;
}

/** `**mapping` is a keyword without a name. */
function parseUnpackedMapping(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  parser.place(parseExpression(parser), Role.value);
  return parser.emit(Kind.keyword, start, first);
}

/** The name before "=" was read as an expression: it becomes the keyword's own name. */
function finishKeyword(parser: Parser, nameNode: number): number {
  const start = parser.start[nameNode]!;
  const name = parser.name[nameNode]!;
  parser.truncate(nameNode);
  parser.next();
  parser.place(parseExpression(parser), Role.value);
  return parser.emitNamed(Kind.keyword, start, nameNode, name);
}

/** A generator that is the only argument takes the call's parentheses as its own, as in CPython's `ast`. */
function finishBareGenerator(parser: Parser, beginning: ListBeginning, element: number): number {
  parser.place(element, Role.elt);
  const start = parser.start[element]!;
  const first = parser.first[element]!;
  parseComprehensionClauses(parser);
  const node = parser.emit(Kind.GeneratorExp, start, first);
  if (parser.token === Token.CloseParenthesis && first === beginning.first) {
    parser.start[node] = beginning.open;
    parser.end[node] = parser.tokenEnd;
  } else {
    parser.report("a generator among other arguments needs parentheses", start);
  }
  return node;
}

function parseSubscript(parser: Parser, start: number, value: number): number {
  parser.enter();
  parser.place(value, Role.value);
  parser.next();
  parser.place(parseIndexes(parser), Role.slice);
  parser.expect(Token.CloseBracket);
  parser.leave();
  return parser.emit(Kind.Subscript, start, parser.first[value]!);
}

/** One index, or a tuple of them; a lone starred index is a tuple too. */
function parseIndexes(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  const node = parseIndex(parser);
  if (parser.token !== Token.Comma) return parser.kind[node] === Kind.Starred ? finishTuple(parser, start, first) : node;
  while (parser.skip(Token.Comma) && parser.token !== Token.CloseBracket) parseIndex(parser);
  return finishTuple(parser, start, first);
}

function parseIndex(parser: Parser): number {
  if (parser.token === Token.Star) return parseStarredArgument(parser);
  const start = parser.tokenStart;
  const first = parser.size;
  if (parser.token !== Token.Colon) {
    const node = parseNamedExpression(parser);
    if (parser.token !== Token.Colon) return node;
    parser.place(node, Role.lower);
  }
  parser.next();
  if (!endsIndexPart(parser.token)) parser.place(parseExpression(parser), Role.upper);
  if (parser.skip(Token.Colon) && !endsIndexPart(parser.token)) parser.place(parseExpression(parser), Role.step);
  return parser.emit(Kind.Slice, start, first);
}

function endsIndexPart(token: number): boolean {
  return token === Token.Colon || token === Token.Comma || token === Token.CloseBracket;
}
