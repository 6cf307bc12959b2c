// What a type named in a `cdef` holds, and which blocks change who runs.
// What enters: nothing. What leaves: tables. Sources: cython.readthedocs.io, "Language Basics" (types), "Typed Memoryviews", "Free threading", "Using Parallelism".
import type { CythonContent, CythonRegion } from "../vocabulary/index.ts";

const objects: ReadonlySet<string> = new Set(
  "object list dict set frozenset tuple str unicode bytes bytearray basestring type slice memoryview complex".split(" "),
);
const locks = /^(?:cython\.)?(?:pymutex|pythread_type_lock)$|^(?:libcpp\.)?(?:mutex|recursive_mutex|shared_mutex)$|^PyThread_type_lock$/;

/** @param isClass is it an extension type of the program? */
export function cythonContentOf(type: string, isClass: (name: string) => boolean): CythonContent {
  if (locks.test(type)) return "lock";
  // A memoryview is a struct with a counted reference in it.
  if (/\[[^\]]*:/.test(type)) return "object";
  if (/[*[(]/.test(type)) return "pointer";
  return objects.has(type) || isClass(type) ? "object" : "number";
}

/** By the last name of what stands in a `with`. */
export const cythonSpans: ReadonlyMap<string, CythonRegion["kind"]> = new Map<string, CythonRegion["kind"]>([
  ["gil", "gil"],
  ["nogil", "nogil"],
  ["parallel", "parallel"],
  ["critical_section", "section"],
]);

/** Loops whose rounds are shared out to threads, by the last name of what is iterated. */
export const parallelRanges: ReadonlySet<string> = new Set(["prange"]);
