// The door of the Cython mode of the Python parser.
// What enters: the bytes of a .pyx, .pxd or .pxi file. What leaves: a Python SyntaxTree whose offsets are those of the file, and what was declared beyond it.
import { parsePython } from "../python/index.ts";
import type { NameTable, SyntaxTree } from "../syntax-tree.ts";
import type { CythonDeclaration } from "./cython-declaration.ts";
import { maskCython } from "./mask-cython.ts";

export interface CythonFile {
  readonly tree: SyntaxTree;
  /** In source order. */
  readonly declarations: readonly CythonDeclaration[];
}

export function parseCython(source: Uint8Array, names: NameTable): CythonFile {
  const { bytes, declarations, hidden } = maskCython(Buffer.from(source).toString("latin1"));
  return { tree: { ...parsePython(bytes, names), hidden }, declarations };
}
