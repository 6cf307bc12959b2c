// Identifiers that are no expressions.
// What enters: a parser on a name. What leaves: an Identifier node, or the name id of a dotted name.

import { PythonKind as Kind } from "./kinds.ts";
import type { Parser } from "./parser.ts";
import { Token } from "./token.ts";

/** An identifier that `ast` keeps as a bare string. */
export function parseIdentifier(parser: Parser): number {
  const start = parser.tokenStart;
  const name = parser.expectName();
  return parser.emitNamed(Kind.Identifier, start, parser.size, name);
}

/** `a.b.c` as one name id. */
export function parseDottedName(parser: Parser): number {
  const { source, names, tokenStart } = parser;
  const firstName = parser.expectName();
  if (parser.token !== Token.Dot) return firstName;
  const parts = [firstName];
  while (parser.skip(Token.Dot)) parts.push(parser.expectName());
  const texts = parts.map((part) => names.text(part));
  const isContiguous = parser.previousEnd - tokenStart === texts.reduce((total, text) => total + text.length + 1, -1);
  return isContiguous ? names.internBytes(source, tokenStart, parser.previousEnd) : names.intern(texts.join("."));
}
