// What a Cython file declares beyond Python. What enters: nothing (types only). What leaves: the type of one declaration.

export interface CythonDeclaration {
  /** class: `cdef class`. attribute: in the body of one. global: at module level. variable: in a function. */
  readonly kind: "class" | "function" | "attribute" | "global" | "variable" | "property";
  readonly name: string;
  /** Byte offset of the name. */
  readonly offset: number;
  /** As written, "" where there is none: "object", "int", "unsigned char *". Of a function: what it returns. */
  readonly type: string;
  /** Words of the declaration: public, readonly, inline, api, cpdef, nogil, gil (`with gil`), noexcept. */
  readonly words: readonly string[];
}
