// Rust types that own a reference to a Python object, and those that share what they hold.
// Sources: docs.rs/pyo3 (Py, Bound, PyBackedStr, PyRef); doc.rust-lang.org/std (Arc, Rc).
import type { RustType } from "../../vocabulary/index.ts";

const owners: ReadonlySet<string> = new Set([
  "Py",
  "Bound",
  "PyRef",
  "PyRefMut",
  "PyBackedStr",
  "PyBackedBytes",
  "PyBuffer",
  // The name of the alias, where nothing says what it stands for.
  "PyObject",
]);

export function pythonOwner(type: Pick<RustType, "name" | "path" | "declaration">): boolean {
  return owners.has(type.name) && isOutside(type);
}

/** Not of the program; PyO3's own types count as such where PyO3 itself is the subject. */
export function isOutside({ path, declaration }: Pick<RustType, "path" | "declaration">): boolean {
  return declaration === undefined || path.startsWith("pyo3::");
}

/** Clones of them own the same value. */
export const sharedPointers: ReadonlySet<string> = new Set(["Arc", "Rc"]);

/** A value of one of these shows that the thread is attached. */
export const tokenTypes: ReadonlySet<string> = new Set(["Python", "Bound", "Borrowed", "PyRef", "PyRefMut"]);
