// Defects of PyO3's releases that threads or the collector bring about: what, in which versions, needed to meet them, and where it is told.
// Sources: PyO3's changelog and the pull requests named in each row; ranges checked against the tags. What the compiler rejects is not listed.
import type { Severity, VersionRange } from "../../vocabulary/index.ts";

/** What a crate must do to meet a defect. */
export type Pyo3Practice =
  | "traverse"
  | "visits-option"
  | "freelist"
  | "unsendable"
  | "mutable-method"
  | "detached-clone"
  | "dict-iteration"
  | "list-iteration"
  | "borrowed-lookup";

export interface Pyo3Defect {
  /** deferred-counts and visited-object: the two of PyO3 #3165 and its follow-up. free-threading: of the first releases that know it. */
  readonly topic: "deferred-counts" | "visited-object" | "free-threading" | "other";
  /** What such a release does; follows "PyO3 0.18.3". */
  readonly what: string;
  /** Releases that do it; `below` is the first fixed one. */
  readonly affected: VersionRange & { readonly below: string };
  readonly needs: Pyo3Practice;
  /** Only without the GIL. */
  readonly freeThreaded: boolean;
  readonly severity: Severity;
  readonly source: string;
}

export const pyo3Defects: readonly Pyo3Defect[] = [
  {
    topic: "deferred-counts",
    what: "gives up references that waited for the interpreter in the middle of the collector's walk, where objects may not die",
    affected: { lowest: "0.10.0", below: "0.19.0" },
    needs: "traverse",
    freeThreaded: false,
    severity: "crash",
    source: "PyO3 #3165, fixed by #3168",
  },
  {
    topic: "visited-object",
    what: "takes and gives back a reference to the object that the collector is just visiting",
    affected: { lowest: "0.19.0", below: "0.22.3" },
    needs: "traverse",
    freeThreaded: false,
    severity: "corruption",
    source: "PyO3 #4479",
  },
  {
    topic: "free-threading",
    what: "iterates over a dict that other threads change without holding its lock",
    affected: { lowest: "0.23.0", below: "0.23.4" },
    needs: "dict-iteration",
    freeThreaded: true,
    severity: "crash",
    source: "PyO3 #4788",
  },
  {
    topic: "free-threading",
    what: "looks at a list's length first and takes the item later, when another thread may have removed it",
    affected: { lowest: "0.23.0", below: "0.23.4" },
    needs: "list-iteration",
    freeThreaded: true,
    severity: "crash",
    source: "PyO3 #4789",
  },
  {
    topic: "free-threading",
    what: "keeps the freelist of a class without a lock",
    affected: { lowest: "0.23.0", below: "0.23.5" },
    needs: "freelist",
    freeThreaded: true,
    severity: "corruption",
    source: "PyO3 #4902",
  },
  {
    topic: "free-threading",
    what: "counts the borrows of an object without atomic operations, so two threads can both have it mutably",
    affected: { lowest: "0.23.0", below: "0.24.0" },
    needs: "mutable-method",
    freeThreaded: true,
    severity: "corruption",
    source: "PyO3 #4948",
  },
  {
    topic: "other",
    what: "panics when the collector visits an object that is mutably borrowed",
    affected: { lowest: undefined, below: "0.10.0" },
    needs: "traverse",
    freeThreaded: false,
    severity: "crash",
    source: "PyO3 #855",
  },
  {
    topic: "other",
    what: "passes a null pointer to the collector when an empty Option is visited",
    affected: { lowest: undefined, below: "0.18.1" },
    needs: "visits-option",
    freeThreaded: false,
    severity: "crash",
    source: "PyO3 #2921",
  },
  {
    topic: "other",
    what: "changes the count of a cloned object without the interpreter when other threads run",
    affected: { lowest: undefined, below: "0.18.2" },
    needs: "detached-clone",
    freeThreaded: false,
    severity: "corruption",
    source: "PyO3 #2952",
  },
  {
    topic: "other",
    what: "runs Drop of an unsendable object on whatever thread lets go of it last",
    affected: { lowest: undefined, below: "0.19.0" },
    needs: "unsendable",
    freeThreaded: false,
    severity: "corruption",
    source: "PyO3 #3176",
  },
  {
    topic: "other",
    what: "aborts when the collector meets an unsendable object on another thread than its own",
    affected: { lowest: undefined, below: "0.21.0" },
    needs: "unsendable",
    freeThreaded: false,
    severity: "crash",
    source: "PyO3 #3689",
  },
  {
    topic: "other",
    what: "looks items of dicts and lists up by references that others can take away before they are counted",
    affected: { lowest: undefined, below: "0.22.3" },
    needs: "borrowed-lookup",
    freeThreaded: true,
    severity: "crash",
    source: "PyO3 #4355 and #4410",
  },
];

/** The first release that supports Python without the GIL. Source: PyO3's guide, "Supporting Free-Threaded CPython". */
export const firstFreeThreadedPyo3 = "0.23.0";
/** From here on a module that says nothing is taken to need no GIL. Source: PyO3 #5564. */
export const freeThreadingByDefault = "0.28.0";
/** From here on 3.13t is not supported. Source: PyO3 #5865. */
export const without313t = "0.29.0";
