// Whatever is written in Python's grammar, by its path: Python, or Cython as Python.
// What enters: the path and bytes of a file. What leaves: its tree.
import { parsePython } from "../python/index.ts";
import type { NameTable, SyntaxTree } from "../syntax-tree.ts";
import { parseCython } from "./parse-cython.ts";

export function isCython(path: string): boolean {
  return /\.(?:pyx|pxd|pxi)$/.test(path);
}

export function parseModule(path: string, bytes: Uint8Array, names: NameTable): SyntaxTree {
  return isCython(path) ? parseCython(bytes, names).tree : parsePython(bytes, names);
}
