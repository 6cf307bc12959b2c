// Import statements.
// What enters: a parser on "import" or "from". What leaves: Import and ImportFrom nodes with dotted names as one name.

import { PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseDottedName, parseIdentifier } from "./parse-identifier.ts";
import type { Parser } from "./parser.ts";
import { describeToken, SoftKeyword, Token } from "./token.ts";

export function parseImport(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  do {
    parser.next();
    parseAlias(parser, parseDottedName);
  } while (parser.token === Token.Comma);
  parser.emit(Kind.Import, start, first);
}

/** Detail is the number of leading dots; the name is the dotted module, or 0 when there are only dots. */
export function parseFromImport(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.next();
  let level = 0;
  while (parser.token === Token.Dot || parser.token === Token.Ellipsis) {
    level += parser.token === Token.Dot ? 1 : 3;
    parser.next();
  }
  if (parser.token !== Token.Name && level === 0) parser.fail(`expected a module name, found ${describeToken(parser.token)}`);
  const module = parser.token === Token.Name ? parseDottedName(parser) : 0;
  parser.expect(Token.Import);
  parseImportedNames(parser);
  const node = parser.emitNamed(Kind.ImportFrom, start, first, module);
  parser.detail[node] = level;
}

function parseImportedNames(parser: Parser): void {
  if (parser.token === Token.Star) {
    const start = parser.tokenStart;
    parser.next();
    parser.place(parser.emitNamed(Kind.alias, start, parser.size, SoftKeyword.star), Role.names);
    return;
  }
  if (!parser.skip(Token.OpenParenthesis)) {
    do {
      parseAlias(parser, expectName);
    } while (parser.skip(Token.Comma));
    return;
  }
  do {
    parseAlias(parser, expectName);
  } while (parser.skip(Token.Comma) && parser.token !== Token.CloseParenthesis);
  parser.expect(Token.CloseParenthesis);
}

function expectName(parser: Parser): number {
  return parser.expectName();
}

function parseAlias(parser: Parser, parseName: (parser: Parser) => number): void {
  const start = parser.tokenStart;
  const first = parser.size;
  const name = parseName(parser);
  if (parser.skip(Token.As)) parser.place(parseIdentifier(parser), Role.asname);
  parser.place(parser.emitNamed(Kind.alias, start, first, name), Role.names);
}
