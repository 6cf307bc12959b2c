// The Rust part of a subject as the rules see it: crates, types with what they own, functions with events in source order.
// Built by the facts room; rules read it and nothing else. Positions are those of the files; text inside macros is read where it parses as Rust.
import type { CargoProject } from "./cargo.ts";
import type { RustCrate } from "./rust-crate.ts";
import type { RustEffect, RustEvent, RustGuard, RustScope } from "./rust-event.ts";
import type { RustType } from "./rust-type.ts";
import type { SourceSpan } from "./source-span.ts";

/** `#[name(arguments)]`, also inside `#[cfg_attr(condition, ...)]`. */
export interface RustAttribute {
  /** Last segment: "pyclass" for `#[pyo3::pyclass]`. */
  readonly name: string;
  /** "unsendable" -> "", `extends = Base` -> "Base", `name = "x"` -> "\"x\"", `signature = (a, b)` -> "(a, b)". */
  readonly arguments: ReadonlyMap<string, string>;
  /** Text of the condition of a cfg_attr around it. */
  readonly condition: string | undefined;
  readonly span: SourceSpan;
}

/** What a type owns of Python: one per way that leads there. */
export interface RustHolding {
  /** Fields through local structs, from the outside: ["inner", "callback"]; variants count as fields: "Leaf.0". Empty for a type itself. */
  readonly path: readonly string[];
  /** Containers around it, from the outside: ["Mutex", "Option"]. Arc and Rc among them: the reference is shared by whoever clones it. */
  readonly wrappers: readonly string[];
  /** `Py<T>`, `Bound<T>` or another owner; "PyBackedStr". */
  readonly type: RustType;
  /** It is behind Arc or Rc, so the object may not be the only one who owns it. */
  readonly shared: boolean;
}

export interface RustField {
  /** Its name; the number in a tuple struct; "Variant.name" or "Variant.0" in an enum. */
  readonly name: string;
  readonly type: RustType;
  readonly attributes: readonly RustAttribute[];
  readonly holdings: readonly RustHolding[];
  readonly span: SourceSpan;
}

export interface RustStruct {
  readonly id: number;
  readonly crate: number;
  readonly kind: "struct" | "enum" | "union";
  readonly name: string;
  readonly span: SourceSpan;
  readonly attributes: readonly RustAttribute[];
  readonly fields: readonly RustField[];
  /** `#[pyclass]`, or undefined. */
  readonly pyclass: RustAttribute | undefined;
  /** Only compiled for tests. */
  readonly testOnly: boolean;
}

export interface RustParameter {
  /** "self", or the pattern's text. */
  readonly name: string;
  readonly type: RustType;
}

/** Where a function stands. pymethods: also the old `#[pyproto]`. */
export type RustContext = "pymethods" | "inherent" | "trait-impl" | "trait" | "free";

export interface RustFunction {
  /** Index into `RustProgram.functions`. */
  readonly id: number;
  readonly crate: number;
  readonly name: string;
  /** "Node::__traverse__", "helpers::visit_all". */
  readonly qualifiedName: string;
  readonly span: SourceSpan;
  readonly context: RustContext;
  /** The type of the impl block. */
  readonly owner: RustType | undefined;
  /** The trait implemented there, as resolved. */
  readonly trait: RustType | undefined;
  readonly attributes: readonly RustAttribute[];
  /** The receiver first, as "self" with its full type (`&Node`, `&mut Node`, `Node`). */
  readonly parameters: readonly RustParameter[];
  readonly returns: RustType | undefined;
  readonly unsafe: boolean;
  readonly testOnly: boolean;
  /** Reachable from Python: #[pyfunction], a method in #[pymethods], a #[pymodule] initializer. */
  readonly exposed: "function" | "method" | "module" | undefined;
  /** Scope 0 is the body; closures are scopes of their function. */
  readonly scopes: readonly RustScope[];
  /** In evaluation order; `order` is the index. */
  readonly events: readonly RustEvent[];
  readonly guards: readonly RustGuard[];
  /** What it does, or runs something that does; outermost call first in `calls`. */
  readonly effects: readonly RustEffect[];
}

export interface RustStatic {
  readonly crate: number;
  readonly name: string;
  readonly type: RustType;
  /** `static mut`. */
  readonly mutable: boolean;
  readonly threadLocal: boolean;
  readonly constant: boolean;
  readonly holdings: readonly RustHolding[];
  readonly span: SourceSpan;
}

/** `impl Trait for Type` and its kind, also without methods: `unsafe impl Sync for X {}`. */
export interface RustImplementation {
  readonly crate: number;
  readonly trait: RustType | undefined;
  readonly type: RustType;
  readonly unsafe: boolean;
  readonly attributes: readonly RustAttribute[];
  /** Ids of its functions. */
  readonly functions: readonly number[];
  readonly span: SourceSpan;
}

/** A function or inline module with #[pymodule]. */
export interface RustPythonModule {
  readonly crate: number;
  readonly name: string;
  /** Its arguments: "gil_used" -> "false". */
  readonly attribute: RustAttribute;
  readonly span: SourceSpan;
}

export interface RustProgram {
  /** What Cargo's files say; its packages are the first of `crates`. */
  readonly cargo: CargoProject;
  readonly crates: readonly RustCrate[];
  readonly structs: readonly RustStruct[];
  readonly functions: readonly RustFunction[];
  readonly statics: readonly RustStatic[];
  readonly implementations: readonly RustImplementation[];
  readonly pythonModules: readonly RustPythonModule[];
  /** The source line a span starts on, for fingerprints and reports. */
  excerptOf(span: SourceSpan): string;
}
