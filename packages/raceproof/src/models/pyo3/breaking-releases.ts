// What has to be looked after when PyO3 is raised to a release: the changes that stop code from compiling or running as it did.
// Source: PyO3's guide, "Migrating from older PyO3 versions", one section per release; only its breaking changes that usual extensions meet.
import { compareVersions } from "../../vocabulary/index.ts";

const rows: readonly (readonly [release: string, what: string])[] = [
  ["0.19.0", "acquire_gil is gone, and attaching in __traverse__ panics"],
  ["0.20.0", "PyDict::get_item returns a Result, and required arguments may not follow optional ones"],
  ["0.21.0", "references without Bound (&PyAny, &PyCell) need the feature gil-refs"],
  ["0.22.0", "Py::clone needs the feature py-clone, optional arguments at the end a signature, comparison of simple enums eq"],
  ["0.23.0", "references without Bound are gone, classes have to be Sync, IntoPyObject replaces ToPyObject and IntoPy"],
  ["0.25.0", "AsPyPointer is gone"],
  ["0.26.0", "with_gil, allow_threads and GILOnceCell are deprecated names"],
  ["0.27.0", "FromPyObject has another signature, and downcast is deprecated"],
  ["0.28.0", "a module that says nothing is taken to need no GIL"],
  ["0.29.0", "errors of UTF-8 do not become PyErr by themselves, and there are no wheels for 3.13t"],
];

/** "0.20: ..." for every release behind `from` up to `to`. */
export function breaksBetween(from: string, to: string): string[] {
  return rows
    .filter(([release]) => compareVersions(release, from) > 0 && compareVersions(release, to) <= 0)
    .map(([release, what]) => `${release.replace(/\.0$/, "")}: ${what}`);
}

/** From here on it is called detach; allow_threads before. Source: the same guide, "from 0.25.* to 0.26". */
export const firstWithDetach = "0.26.0";
