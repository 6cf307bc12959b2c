// Where a pointer in C code comes from: a root the function was given or made, and the fields that were followed from there.
// It is what makes two expressions the same memory, and what a callee's facts are translated by at a call.

export type NativeRoot =
  | { readonly kind: "parameter"; readonly index: number }
  /** A variable of static storage; module state counts as one, named after its struct. */
  | { readonly kind: "static"; readonly name: string }
  /** A variable of this call: its address was taken, or it is a struct. */
  | { readonly kind: "local"; readonly name: string }
  /** Memory this call allocated and, as far as is known, has not shown to anybody. */
  | { readonly kind: "fresh"; readonly call: number }
  /** Whatever a call returned that is not understood further. */
  | { readonly kind: "result"; readonly call: number }
  | { readonly kind: "none" };

/** A chain of pointers: access paths as in RacerD (Blackshear et al., 2018), rooted in formals so that summaries compose. */
export interface NativeOrigin {
  readonly root: NativeRoot;
  /** Fields from the root, embedded structs included: ["md", "keys"]. */
  readonly path: readonly string[];
  /** It points somewhere into the memory that `path` leads to, not at its start: an element, or what an accessor computed. */
  readonly interior: boolean;
  /** Length of the longest prefix of `path` that leads to a Python object; -1 when none is known to. */
  readonly ownerDepth: number;
}

export const noOrigin: NativeOrigin = { root: { kind: "none" }, path: [], interior: false, ownerDepth: -1 };

/** The state of the module, whichever of its functions asks for it. */
export const moduleStateOrigin: NativeOrigin = { root: { kind: "static", name: "module state" }, path: [], interior: false, ownerDepth: -1 };

export function isModuleState({ root, path }: NativeOrigin): boolean {
  return root.kind === "static" && root.name === "module state" && path.length === 0;
}

/** Paths are cut where they get longer: recursive structures have endless ones. */
export const longestPath = 5;

export function isKnownOrigin(origin: NativeOrigin): boolean {
  return origin.root.kind !== "none";
}

/** Equal keys: the same pointer, as far as one call can tell. */
export function originKey({ root, path, interior }: NativeOrigin): string {
  return `${rootKey(root)}${path.map((field) => `.${field}`).join("")}${interior ? "+" : ""}`;
}

function rootKey(root: NativeRoot): string {
  switch (root.kind) {
    case "parameter":
      return `p${root.index}`;
    case "static":
      return `static ${root.name}`;
    case "local":
      return `local ${root.name}`;
    case "fresh":
      return `fresh ${root.call}`;
    case "result":
      return `result ${root.call}`;
    case "none":
      return "?";
  }
}

/** The pointer stored in a field of what `base` points at, or the address of a struct embedded there. */
export function fieldOrigin(base: NativeOrigin, field: string, holdsObject: boolean): NativeOrigin {
  if (!isKnownOrigin(base) || base.path.length >= longestPath) return noOrigin;
  const path = [...base.path, field];
  return { root: base.root, path, interior: false, ownerDepth: holdsObject ? path.length : base.ownerDepth };
}

/** A pointer into the memory `base` points at. */
export function interiorOrigin(base: NativeOrigin): NativeOrigin {
  return base.interior || !isKnownOrigin(base) ? base : { ...base, interior: true };
}

/** The same pointer, now known to point at a Python object. */
export function asObject(origin: NativeOrigin): NativeOrigin {
  return origin.interior || origin.ownerDepth === origin.path.length || !isKnownOrigin(origin) ? origin : { ...origin, ownerDepth: origin.path.length };
}

/** The object whose memory an access through `base` belongs to; undefined: not known. */
export function ownerOf(base: NativeOrigin): NativeOrigin | undefined {
  if (base.ownerDepth < 0 || !isKnownOrigin(base)) return undefined;
  return { root: base.root, path: base.path.slice(0, base.ownerDepth), interior: false, ownerDepth: base.ownerDepth };
}

/** A callee's origin as its caller sees it. `inCallee` is rooted in a parameter, `argument` is what was passed for it. */
export function translateOrigin(inCallee: NativeOrigin, argument: NativeOrigin): NativeOrigin {
  const path = [...argument.path, ...inCallee.path];
  if (!isKnownOrigin(argument) || path.length > longestPath) return noOrigin;
  return {
    root: argument.root,
    path,
    interior: inCallee.interior || (inCallee.path.length === 0 && argument.interior),
    ownerDepth: inCallee.ownerDepth >= 0 ? argument.path.length + inCallee.ownerDepth : argument.ownerDepth,
  };
}

/** Does `origin` lead through `prefix`, field by field from the same root? */
export function startsWithOrigin(origin: NativeOrigin, prefix: NativeOrigin): boolean {
  return rootKey(origin.root) === rootKey(prefix.root) && prefix.path.every((field, index) => origin.path[index] === field);
}
