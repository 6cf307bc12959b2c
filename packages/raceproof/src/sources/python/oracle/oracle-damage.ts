// Small statements of real files with a token or two changed: sources on the border between accepted and rejected.
// What enters: Python files and a number. What leaves: that many texts, the same ones every time.

import { readFileSync } from "node:fs";
import type { SyntaxTree } from "../../syntax-tree.ts";
import { ByteNameTable } from "../byte-name-table.ts";
import { PythonKind, PythonRole } from "../kinds.ts";
import { Lexer } from "../lexer.ts";
import { parsePython } from "../parse-python.ts";
import { Token } from "../token.ts";

/** Statements longer than this hide what is done to them. */
const longestStatement = 600;

const insertions: readonly string[] = [
  "*",
  "**",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ":",
  ",",
  ":=",
  "=",
  "==",
  "lambda ",
  " if ",
  " else ",
  " for ",
  " in ",
  " not ",
  " await ",
  " async ",
  " yield ",
  " from ",
  " import ",
  " as ",
  " with ",
  " del ",
  " match ",
  " case ",
  " type ",
  " is ",
  "+",
  "-",
  "~",
  "@",
  "...",
  ".",
  "'s'",
  "b'x'",
  "f'{x}'",
  "1",
  "x",
  "\n",
  "\n    ",
  ";",
  "->",
  "%",
  "|",
  " and ",
  " None ",
  "0x1",
  "1.",
  "1j",
  "\\\n",
  "#c\n",
];

/** Deterministic pseudo-random whole numbers below a limit (Park and Miller 1988, "minimal standard"). */
function createDice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

export function damageStatements(files: readonly string[], count: number): string[] {
  const throwDice = createDice(20_240_229);
  const texts: string[] = [];
  const candidates = files.filter((file) => parsePython(readFileSync(file), new ByteNameTable()).problems.length === 0);
  while (texts.length < count && candidates.length > 0) {
    const tree = parsePython(readFileSync(candidates[throwDice(candidates.length)]!), new ByteNameTable());
    const statements = smallStatementsOf(tree);
    if (statements.length === 0) continue;
    for (let repeat = 0; repeat < 10 && texts.length < count; repeat++) {
      texts.push(damage(statements[throwDice(statements.length)]!, throwDice));
    }
  }
  return texts;
}

/** Texts of statements; an indented one stands under an `if`. */
function smallStatementsOf(tree: SyntaxTree): string[] {
  const texts: string[] = [];
  for (let node = 0; node < tree.size - 1; node++) {
    if (tree.role[node] !== PythonRole.body || tree.kind[node]! > PythonKind.Continue) continue;
    const start = tree.start[node]!;
    const end = tree.end[node]!;
    const lineStart = tree.source.lastIndexOf(10, start - 1) + 1;
    const indent = Buffer.from(tree.source.subarray(lineStart, start)).toString();
    if (end - start > longestStatement || indent.trim() !== "") continue;
    const text = Buffer.from(tree.source.subarray(lineStart, end)).toString();
    texts.push(indent === "" ? text : `if 1:\n${text}`);
  }
  return texts;
}

/** One or two tokens removed, doubled, replaced, or something put before them. */
function damage(text: string, throwDice: (limit: number) => number): string {
  let damaged = text;
  for (let changes = 1 + throwDice(2); changes > 0; changes--) {
    const spans = tokenSpansOf(damaged);
    const [start, end] = spans[throwDice(spans.length)]!;
    const [otherStart, otherEnd] = spans[throwDice(spans.length)]!;
    const token = damaged.slice(start, end);
    const replacements = ["", token + token, damaged.slice(otherStart, otherEnd), insertions[throwDice(insertions.length)]! + token];
    damaged = damaged.slice(0, start) + replacements[throwDice(replacements.length)]! + damaged.slice(end);
  }
  return damaged;
}

/** Places of the tokens in a text whose characters are taken for bytes: it is only cut there. */
function tokenSpansOf(text: string): (readonly [start: number, end: number])[] {
  const bytes = Buffer.from(`${text}${"\0".repeat(8)}`, "latin1");
  const lexer = new Lexer(bytes, 0, text.length, new ByteNameTable());
  const spans: (readonly [start: number, end: number])[] = [];
  do {
    lexer.next();
    if (lexer.tokenEnd > lexer.tokenStart) spans.push([lexer.tokenStart, lexer.tokenEnd]);
  } while (lexer.token !== Token.EndOfFile);
  return spans.length > 0 ? spans : [[0, text.length]];
}
