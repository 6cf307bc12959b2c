// What Cython adds to a program in Python, as the rules see it: declared attributes and variables of C, and spans with and without the GIL.
// Accesses, locks and calls of Cython files are among the facts of the Program itself: this says what stands behind their names.
import type { Program } from "./program.ts";
import type { SourceSpan } from "./source-span.ts";

/** What a declared variable holds. object: a counted reference. pointer: memory that may move or go. number: a value. */
export type CythonContent = "object" | "pointer" | "number" | "lock";

export interface CythonVariable {
  /** "pkg.module:Class" of an attribute, "pkg.module" of a variable of the module. */
  readonly owner: string;
  readonly name: string;
  /** As written. */
  readonly type: string;
  readonly content: CythonContent;
  /** Python code can store there too (`public`). */
  readonly public: boolean;
  readonly span: SourceSpan;
}

/** A block of a file. Offsets [from, to) compare with the order of accesses and calls. */
export interface CythonRegion {
  /** parallel: the body of a loop whose rounds run in threads of their own (`prange`, `parallel`). */
  readonly kind: "gil" | "nogil" | "parallel" | "section";
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly span: SourceSpan;
  /** Of a loop: the names that each round gets for itself. */
  readonly variables: readonly string[];
  /** Texts of what is assigned inside. */
  readonly assigned: readonly string[];
}

export interface CythonFile {
  readonly file: string;
  readonly module: string;
  /** Where it, or its build, says that it runs without the GIL. */
  readonly freeThreading: SourceSpan | undefined;
}

export interface CythonProgram {
  readonly program: Program;
  readonly files: ReadonlyMap<string, CythonFile>;
  /** Of `cdef class`es, by "owner.name". */
  readonly attributes: ReadonlyMap<string, CythonVariable>;
  /** By "module.name". */
  readonly globals: ReadonlyMap<string, CythonVariable>;
  /** By file, in source order. */
  readonly regions: ReadonlyMap<string, readonly CythonRegion[]>;
}
