// A provocation: a plain-value recipe from which the confirmations room writes a driver. No Python programs in rules.

/** A value to pass or a receiver to build. */
export type ValueRecipe =
  /** A Python literal or an expression of builtins only: "'a'", "0", "object()". */
  | { readonly kind: "literal"; readonly python: string }
  /** Same name, same object, wherever it appears in one provocation (also across threads). */
  | { readonly kind: "shared"; readonly name: string }
  | { readonly kind: "construct"; readonly module: string; readonly qualifiedName: string; readonly arguments: readonly ArgumentRecipe[] }
  /** What another value returns when it is called: a decorated function. */
  | { readonly kind: "apply"; readonly callee: ValueRecipe; readonly arguments: readonly ArgumentRecipe[] };

export interface ArgumentRecipe {
  /** Keyword name, or undefined for a positional argument. */
  readonly keyword: string | undefined;
  readonly value: ValueRecipe;
}

/**
 * How a name of the subject is used. call: plain call. property: attribute read. assign: attribute store of the first argument.
 * with: as a context manager around the rest of the operation. exhaust: iterated to its end. read: module or class attribute read.
 */
export type CallUse = "call" | "property" | "assign" | "with" | "exhaust" | "read";

export interface CallRecipe {
  readonly module: string;
  /** "Class.method", "function", "Class" (construction) or "Class.attribute". */
  readonly qualifiedName: string;
  /** undefined: looked up in the module. */
  readonly receiver: ValueRecipe | undefined;
  readonly arguments: readonly ArgumentRecipe[];
  readonly use: CallUse;
}

export interface SharedObject {
  readonly name: string;
  readonly value: ValueRecipe;
}

/** Name of a shared function that a decorator or factory made: what it keeps in its closure is part of the state. */
export const madeFunction = "made";

export interface Provocation {
  /** Why these calls, one sentence: shown in reports. */
  readonly rationale: string;
  /** Objects built once per execution, in order. */
  readonly shared: readonly SharedObject[];
  /** Sequential prefix that brings the objects into the needed state; its exceptions are ignored. */
  readonly prefix: readonly CallRecipe[];
  /** One list of calls per thread; each list is one operation, its value is the list of the calls' values. */
  readonly operations: readonly (readonly CallRecipe[])[];
  /** public: only public callables; internal: also private ones (tells severity, not reachability). */
  readonly through: "public" | "internal";
}
