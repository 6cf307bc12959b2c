// Where an extension says that it needs no GIL. Sources: docs.python.org/3/howto/free-threading-extensions (Py_mod_gil, PyUnstable_Module_SetGIL),
// pybind11's py::mod_gil_not_used, nanobind's FREE_THREADED (a build option: not seen here).
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
