// Which Python a release of PyO3 can be built for.
// Source: SUPPORTED_VERSIONS_CPYTHON in pyo3-ffi/build.rs of the tags since 0.20.3, the changelog before; without the GIL: 0.23.0 (#4588), 0.29.0 (#5865).
import { compareVersions } from "../../vocabulary/index.ts";

/** First release, the newest minor version of Python 3 it accepts, and the oldest one without the GIL. */
const rows: readonly (readonly [pyo3: string, newest: number, oldestFreeThreaded: number])[] = [
  ["0.29.0", 15, 14],
  ["0.25.0", 14, 13],
  ["0.23.0", 13, 13],
  ["0.22.0", 13, Number.POSITIVE_INFINITY],
  ["0.20.0", 12, Number.POSITIVE_INFINITY],
  ["0.17.0", 11, Number.POSITIVE_INFINITY],
  ["0.15.0", 10, Number.POSITIVE_INFINITY],
  ["0.0.0", 9, Number.POSITIVE_INFINITY],
];

/** Whether a crate with this PyO3 can be built for a CPython ("3.13.0"). Builds for a Python that is newer than a release knows are refused. */
export function supportsPython(pyo3: string, python: string, freeThreaded: boolean): boolean {
  const row = rows.find(([first]) => compareVersions(pyo3, first) >= 0);
  const minor = Number(/^3\.(\d+)/.exec(python)?.[1] ?? Number.NaN);
  return row !== undefined && minor <= row[1] && (!freeThreaded || minor >= row[2]);
}
