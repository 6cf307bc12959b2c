// A Rust type as the rules see it: names resolved through `use`, `type` and the structs of the program, generics kept.
// What enters: nothing. What leaves: the noun and small questions about it.

export interface RustType {
  /** Last segment of the resolved name ("Py", "Option", "Mutex"), or "&", "*", "()" tuple, "[]" array or slice, "fn", "dyn", "impl", "" not known. */
  readonly name: string;
  /** Resolved as far as the program tells: "std::sync::Mutex", "pyo3::Py"; equal to `name` when nothing more is known. */
  readonly path: string;
  /** Generic arguments; what a reference, pointer, array points at; the parts of a tuple; the bounds of `dyn` and `impl`. Lifetimes are left out. */
  readonly arguments: readonly RustType[];
  /** `&mut` and `*mut`. */
  readonly mutable: boolean;
  /** Index into `RustProgram.structs`, when it is one of the program's. */
  readonly declaration: number | undefined;
}

export const unknownRustType: RustType = { name: "", path: "", arguments: [], mutable: false, declaration: undefined };

/** The type behind references: `&mut Option<T>` is `Option<T>`. */
export function withoutReferences(type: RustType): RustType {
  let current = type;
  while (current.name === "&") current = current.arguments[0] ?? unknownRustType;
  return current;
}

/** As people write it, without lifetimes. */
export function rustTypeText({ name, arguments: parts, mutable }: RustType): string {
  const texts = parts.map(rustTypeText);
  if (name === "&" || name === "*") return `${name}${mutable ? "mut " : name === "*" ? "const " : ""}${texts[0] ?? "?"}`;
  if (name === "()") return `(${texts.join(", ")})`;
  if (name === "[]") return `[${texts.join(", ")}]`;
  if (name === "dyn" || name === "impl") return `${name} ${texts.join(" + ")}`;
  return texts.length === 0 ? name || "?" : `${name}<${texts.join(", ")}>`;
}
