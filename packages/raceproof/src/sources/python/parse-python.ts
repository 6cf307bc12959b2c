// The door of the Python parser.
// What enters: a file's bytes, or the text of one expression. What leaves: a SyntaxTree in CPython's `ast` terms.
// It never throws: what does not parse is an Error node and a problem. It checks syntax only as far as the tree needs it
// (a `return` outside a function is no problem here).

import { isAscii } from "node:buffer";
import type { NameTable, SyntaxTree } from "../syntax-tree.ts";
import { ByteClass, byteClassOf, Byte } from "./byte-class.ts";
import { ByteNameTable } from "./byte-name-table.ts";
import { decodeSource } from "./decode-source.ts";
import { PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseYieldOrTuple } from "./parse-expression.ts";
import { parseGuarded, parseModule } from "./parse-statement.ts";
import { Parser } from "./parser.ts";
import { describeToken, Token } from "./token.ts";

/** The lexer looks a few bytes ahead without asking where the source ends. */
const padding = 8;

/**
 * Parses a Python 3.8 to 3.14 file.
 * @param source the file's bytes; when they are not UTF-8 (PEP 263), the tree's `source` is their UTF-8 form
 * @param names the program's name table, best from `createNameTable`
 */
export function parsePython(source: Uint8Array, names: NameTable): SyntaxTree {
  const decoded = decodeSource(source);
  const parser = createParser(decoded.bytes, decoded.start, names);
  parser.problems.push(...decoded.problems);
  parseModule(parser);
  return finishTree(parser, decoded.bytes, names);
}

/**
 * Parses the text of one expression, as in a string annotation. The tree is a Module with one Expr; line ends mean
 * nothing, as if the text stood in parentheses. Offsets are UTF-8 bytes of `text`.
 */
export function parsePythonExpression(text: string, names: NameTable): SyntaxTree {
  const source = new TextEncoder().encode(text);
  const parser = createParser(source, 0, names);
  parser.depth = 1;
  parser.next();
  parseGuarded(parser, parseWholeExpression);
  parser.placeAll(0, Role.body);
  parser.previousEnd = parser.length;
  parser.emit(Kind.Module, 0, 0);
  return finishTree(parser, source, names);
}

function parseWholeExpression(parser: Parser): void {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.place(parseYieldOrTuple(parser), Role.value);
  if (parser.token !== Token.Newline) parser.fail(`expected the end of the expression, found ${describeToken(parser.token)}`);
  parser.emit(Kind.Expr, start, first);
}

function createParser(source: Uint8Array, start: number, names: NameTable): Parser {
  const padded = new Uint8Array(source.length + padding);
  padded.set(source);
  return new Parser(padded, start, source.length, names instanceof ByteNameTable ? names : new ByteNameTable());
}

function finishTree(parser: Parser, source: Uint8Array, names: NameTable): SyntaxTree {
  const { size, problems } = parser;
  const nodes = parser.takeNodes();
  if (names !== parser.names) translateNames(nodes.name, parser.names, names);
  return {
    language: "python",
    source,
    ascii: asciiOf(source),
    size,
    kind: nodes.kind,
    role: nodes.role,
    detail: nodes.detail,
    start: nodes.start,
    end: nodes.end,
    first: nodes.first,
    name: nodes.name,
    names,
    lineStarts: lineStartsOf(parser, nodes.start[size - 1]!),
    comments: Uint32Array.from(parser.comments),
    problems,
    links: undefined,
  };
}

function asciiOf(source: Uint8Array): string | undefined {
  return isAscii(source) ? Buffer.from(source.buffer, source.byteOffset, source.byteLength).toString("latin1") : undefined;
}

/** Only a table of our own interns from bytes; another one gets the names afterwards. */
function translateNames(ids: Uint32Array, from: NameTable, to: NameTable): void {
  for (let node = 0; node < ids.length; node++) ids[node] = to.intern(from.text(ids[node]!));
}

/** Lines end with LF, CR LF or CR; the first begins at `start`. */
export function lineStartsOf({ source, length }: Pick<Parser, "source" | "length">, start: number): Uint32Array {
  let starts = new Uint32Array(Math.max(16, length >> 4));
  let count = 1;
  starts[0] = start;
  for (let at = start; at < length; at++) {
    const character = source[at]!;
    // Almost every byte leaves here.
    if (character > Byte.carriageReturn || byteClassOf[character] !== ByteClass.newline) continue;
    if (character === Byte.carriageReturn && source[at + 1] === Byte.lineFeed) at++;
    if (count === starts.length) {
      const larger = new Uint32Array(count * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = at + 1;
  }
  return starts.slice(0, count);
}
