// The door of the Python parser.
// What enters: a file's bytes, or the text of one expression. What leaves: a SyntaxTree in CPython's `ast` terms.
// It never throws: what does not parse is an Error node and a problem. It checks syntax only as far as the tree needs it
// (a `return` outside a function is no problem here).

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
  const { size } = parser;
  const name = parser.name.slice(0, size);
  if (names !== parser.names) {
    for (let node = 0; node < size; node++) name[node] = names.intern(parser.names.text(name[node]!));
  }
  return {
    language: "python",
    source,
    size,
    kind: parser.kind.slice(0, size),
    role: parser.role.slice(0, size),
    detail: parser.detail.slice(0, size),
    start: parser.start.slice(0, size),
    end: parser.end.slice(0, size),
    first: parser.first.slice(0, size),
    name,
    names,
    lineStarts: lineStartsOf(source, parser.start[size - 1]!),
    problems: parser.problems,
  };
}

/** Lines end with LF, CR LF or CR; the first begins at `start`. */
function lineStartsOf(source: Uint8Array, start: number): Uint32Array {
  let starts = new Uint32Array(Math.max(16, source.length >> 4));
  let count = 1;
  starts[0] = start;
  for (let at = start; at < source.length; at++) {
    if (byteClassOf[source[at]!] !== ByteClass.newline) continue;
    if (source[at] === Byte.carriageReturn && source[at + 1] === Byte.lineFeed) at++;
    if (count === starts.length) {
      const larger = new Uint32Array(count * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = at + 1;
  }
  return starts.slice(0, count);
}
