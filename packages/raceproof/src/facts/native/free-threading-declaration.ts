// Where an extension says that it needs no GIL. Sources: docs.python.org/3/howto/free-threading-extensions (Py_mod_gil, PyUnstable_Module_SetGIL),
// pybind11's py::mod_gil_not_used, nanobind's FREE_THREADED (an option of its build function in CMake).
import { CKind, nameOf } from "../../sources/index.ts";
import type { SourceSpan } from "../../vocabulary/index.ts";
import type { UnitReader } from "./unit-reader.ts";

const declarations: ReadonlySet<string> = new Set(["Py_MOD_GIL_NOT_USED", "mod_gil_not_used"]);

export function declaredFreeThreading(readers: readonly UnitReader[]): SourceSpan | undefined {
  for (const { tree, spanOf, unit } of readers) {
    if (unit.origin !== "own") continue;
    for (let node = 0; node < tree.size; node++) {
      const kind = tree.kind[node];
      if ((kind === CKind.Identifier || kind === CKind.Qualified || kind === CKind.Call) && declarations.has(nameOf(tree, node))) return spanOf(node);
    }
  }
  return undefined;
}

export interface BuildFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const option = /\bnanobind_add_module\s*\([^)]*\bFREE_THREADED\b/;

export function builtFreeThreaded(builds: readonly BuildFile[]): SourceSpan | undefined {
  for (const { path: file, bytes } of builds) {
    const text = Buffer.from(bytes)
      .toString("latin1")
      .replaceAll(/#[^\n]*/g, (comment) => " ".repeat(comment.length));
    const found = option.exec(text);
    if (found === null) continue;
    const line = text.slice(0, found.index).split("\n").length;
    return { file, line, column: 0, endLine: line, endColumn: 0 };
  }
  return undefined;
}
