// The form in which C and C++ leave the front end. What enters: nothing (types only). What leaves: the types readers use.
import type { SyntaxTree } from "../syntax-tree.ts";
import type { BuildConfiguration } from "./build-configuration.ts";
import type { PositionMap } from "./position-map.ts";

/**
 * One file as one or more build configurations compile it. The tree is that of the *expanded* text: `tree.source`, and every
 * offset of the tree, belong to that text. `placeOf` and `spellingOf` lead back to the files.
 */
export interface CUnit {
  /** Of the file it was made from, relative to the subject's root. */
  readonly path: string;
  readonly language: "c" | "cpp";
  readonly origin: FileOrigin;
  /** Names of the configurations that all give exactly this unit. */
  readonly configurations: readonly string[];
  readonly tree: SyntaxTree;
  readonly positions: PositionMap;
  /** Paths of the subject's own headers this file includes, in order; those have units of their own. */
  readonly includes: readonly string[];
  /** Paths of files whose text is part of this unit: those without an include guard (generated method tables, templates, interpreter loops). */
  readonly inlined: readonly string[];
  /** Macros left as identifiers because they stand for a constant: name to replacement text. */
  readonly constants: ReadonlyMap<string, string>;
  /** Bytes of the expanded text inside error nodes; a missing token counts as one. */
  readonly errorBytes: number;
}

/** Who wrote a file: the project, another project whose copy is kept here, or a program such as Cython. */
export type FileOrigin = "own" | "vendored" | "generated";

export interface CSourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly origin: FileOrigin;
  /** Byte offset of the start of each line; line 1 is lineStarts[0]. */
  readonly lineStarts: Uint32Array;
  /** Byte offsets of the comments, ascending, in all branches of conditionals. */
  readonly comments: Uint32Array;
}

export interface CProgram {
  readonly configurations: readonly BuildConfiguration[];
  /** By path, then configuration: every file of the program, headers too, is a unit in each configuration. */
  readonly units: readonly CUnit[];
  /** By path. */
  readonly files: ReadonlyMap<string, CSourceFile>;
  readonly coverage: CCoverage;
}

/** Denominators, of each unit once. */
export interface CCoverage {
  readonly files: number;
  readonly lines: number;
  readonly units: number;
  readonly functions: number;
  readonly unitsWithErrors: number;
  /** Of expanded text. */
  readonly bytes: number;
  readonly errorBytes: number;
  /** Quoted includes that name no file of the subject, each once. */
  readonly missingIncludes: readonly string[];
}

export interface SourcePlace {
  /** Relative to the subject's root. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based, in bytes. */
  readonly column: number;
  /** Byte offset into the file. */
  readonly offset: number;
}
