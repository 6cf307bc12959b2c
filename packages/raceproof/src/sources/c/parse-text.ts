// Expanded text to a tree.
// What enters: text of one character per byte, a grammar, a name table. What leaves: a SyntaxTree and its counts. The engine's tree is not kept.
import { isAscii } from "node:buffer";
import type { NameTable, SyntaxTree } from "../syntax-tree.ts";
import { Flattening } from "./flatten-tree.ts";
import type { Grammar } from "./grammar.ts";

export interface FlatTree {
  readonly tree: SyntaxTree;
  readonly errorBytes: number;
  readonly functions: number;
}

/** Parses `text`, of which each character is one byte. */
export function parseFlat(text: string, language: "c" | "cpp", grammar: Grammar, names: NameTable): FlatTree {
  const source = Buffer.from(text, "latin1");
  const ascii = isAscii(source) ? text : undefined;
  const tree = grammar.parser.parse(withoutComputedJumps(ascii ?? withLetters(text)));
  if (tree === null) throw new Error("the grammar has no language");
  try {
    const walk = new Flattening({ text, source, grammar, names, hasErrors: tree.rootNode.hasError });
    walk.run(tree);
    const { size, nodes, problems, errorBytes, functions } = walk;
    const flat = { language, source, size, ...nodes, names, lineStarts: lineStartsIn(source), problems, comments: new Uint32Array(0), links: undefined };
    return { tree: { ...flat, ascii }, errorBytes, functions };
  } finally {
    tree.delete();
  }
}

/** The grammar has no `goto *address`, which interpreter loops use: for it, that is an expression of the same length. */
function withoutComputedJumps(text: string): string {
  return text.replaceAll(/\bgoto(?=\s*\*)/g, "0,  ");
}

/** Half a character is none the grammar knows; any letter will do, in names as in strings. */
function withLetters(text: string): string {
  return text.replaceAll(/[\x80-\xff]/g, "\u00e9");
}

function lineStartsIn(source: Uint8Array): Uint32Array {
  const starts = [0];
  for (let at = source.indexOf(10); at >= 0; at = source.indexOf(10, at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}
