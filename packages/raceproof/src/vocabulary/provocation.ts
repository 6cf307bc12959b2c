// A provocation: a plain-value recipe from which the confirmations room writes a driver. No Python text in rules.

/** A value to pass or a receiver to build, named by static facts. */
export type ValueRecipe =
  | { readonly kind: "literal"; readonly python: string }
  /** Same name, same object, for every place it appears in one provocation (also across threads). */
  | { readonly kind: "shared"; readonly name: string }
  | { readonly kind: "construct"; readonly module: string; readonly qualifiedName: string; readonly arguments: readonly ArgumentRecipe[] };

export interface ArgumentRecipe {
  /** Keyword name, or undefined for a positional argument. */
  readonly keyword?: string;
  readonly value: ValueRecipe;
}

/** One call of the subject. `receiver` undefined: a module-level function. */
export interface CallRecipe {
  readonly module: string;
  /** "Class.method" or "function"; for a property read or write see `access`. */
  readonly qualifiedName: string;
  readonly receiver?: ValueRecipe;
  readonly arguments: readonly ArgumentRecipe[];
  /** How the callable is used: plain call, property read, as a context manager around the rest of the operation, or iterated to its end. */
  readonly use: "call" | "property" | "with" | "exhaust";
}

export interface Provocation {
  /** Why these calls: shown in reports. */
  readonly rationale: string;
  /** Objects built once per execution, in order: name -> recipe. */
  readonly shared: readonly { readonly name: string; readonly value: ValueRecipe }[];
  /** Sequential prefix that brings the objects into the needed state; its exceptions are ignored. */
  readonly prefix: readonly CallRecipe[];
  /** One list of calls per thread; each list is one operation. */
  readonly operations: readonly (readonly CallRecipe[])[];
  /** public: only public callables; internal: also private ones (tells severity, not reachability). */
  readonly through: "public" | "internal";
}
