// What single operations on built-in objects do while another thread works on the same object, by family of runtimes.
// Source of each row: bench/atomicity (its table, README.md there), the library reference, PEP 703. "atomic" means that nothing else was
// seen or is documented; of what the table calls atomic on one family only, the language promises nothing.
import { runtimeFamilies } from "../vocabulary/index.ts";
import type { ContainerKind, RuntimeFamily } from "../vocabulary/index.ts";

/** raises: an exception no single-threaded run gives. loses: one of two effects disappears. torn: the steps interleave. twice: one item goes to two threads. */
export type Outcome = "atomic" | "raises" | "loses" | "torn" | "twice";

export interface AtomicityRow {
  readonly on: Readonly<Record<RuntimeFamily, Outcome>>;
  readonly source: string;
}

const row = (outcomes: readonly [Outcome, Outcome, Outcome, Outcome], source: string): AtomicityRow => ({
  on: { "gil-3.9": outcomes[0], gil: outcomes[1], "free-threaded": outcomes[2], pypy: outcomes[3] },
  source,
});

const bench = "bench/atomicity";
const library = "docs.python.org/3/library";

const snapshot = row(["atomic", "atomic", "atomic", "atomic"], `${bench}; ${library}/threadsafety.html`);
const elementwise = row(["atomic", "atomic", "raises", "atomic"], bench);
const summed = row(["atomic", "atomic", "raises", "raises"], bench);
const inPython = row(["raises", "raises", "raises", "raises"], bench);
const update = row(
  ["loses", "atomic", "loses", "loses"],
  `${bench}; ${library.replace("library", "faq")}/library.html#what-kinds-of-global-value-mutation-are-thread-safe`,
);
const heap = row(
  ["atomic", "atomic", "raises", "twice"],
  `${bench} (heapq is Python code on PyPy and takes the list's lock on free-threaded CPython since 3.14)`,
);

/** Rows of an operation by kind of container; "any" for those not listed. */
type Rows = Partial<Record<ContainerKind | "any", AtomicityRow>>;

/** On a weak container everything that walks is Python code; a deque's iterator is not guarded without the GIL. */
const whole: Rows = {
  any: snapshot,
  deque: elementwise,
  "weak-values": inPython,
  "weak-keys": inPython,
  "weak-set": inPython,
  generator: inPython,
  iterator: elementwise,
};
const walking: Rows = { any: elementwise, "weak-values": inPython, "weak-keys": inPython, "weak-set": inPython, generator: inPython };

const consumerRows: readonly (readonly [operation: string, rows: Rows])[] = [
  ["builtins.list", whole],
  ["builtins.sorted", whole],
  ["builtins.dict", whole],
  ["builtins.set", whole],
  ["builtins.frozenset", whole],
  ["copy.copy", { any: snapshot }],
  ["builtins.len", { any: snapshot }],
  ["builtins.bool", { any: snapshot }],
  ["builtins.repr", { any: snapshot }],
  ["builtins.str", { any: snapshot }],
  ["builtins.tuple", walking],
  ["builtins.sum", { ...walking, any: summed }],
  ["builtins.max", walking],
  ["builtins.min", walking],
  ["builtins.any", walking],
  ["builtins.all", walking],
  ["builtins.zip", walking],
  ["json.dumps", { ...walking, any: summed }],
  ["copy.deepcopy", { any: inPython }],
];

/** Functions that walk over a container passed to them. */
export const consumers: ReadonlySet<string> = new Set(consumerRows.map(([operation]) => operation));

const table: ReadonlyMap<string, Rows> = new Map<string, Rows>([
  ...consumerRows,
  ["for", { any: inPython, iterator: row(["atomic", "atomic", "twice", "atomic"], bench) }],
  ["next-iter", { any: row(["raises", "raises", "raises", "raises"], `${bench}: narrow, 0 to 9 of 20 repeats`) }],
  ["builtins.next", { generator: inPython, iterator: row(["atomic", "atomic", "twice", "atomic"], bench), counter: snapshot }],
  ["__next__", { generator: inPython, iterator: row(["atomic", "atomic", "twice", "atomic"], bench), counter: snapshot }],
  ["+=", { any: update }],
  ["|=", { any: update }],
  ["append", { any: snapshot }],
  ["extend", { any: row(["torn", "torn", "atomic", "torn"], `${bench}: with a generator as argument; a list or tuple is added in one step`) }],
  ["insert", { any: snapshot }],
  ["setdefault", { any: snapshot, "weak-values": inPython, "weak-keys": inPython }],
  ["pop", { any: snapshot, "weak-values": inPython, "weak-keys": inPython }],
  ["copy", { any: snapshot, deque: elementwise, "weak-values": inPython, "weak-keys": inPython, "weak-set": inPython }],
  ["heapq.heappush", { any: heap }],
  ["heapq.heappop", { any: heap }],
]);

/** What happens to an operation ("builtins.tuple", "for", "+=") on a kind of container; undefined when nothing is known. */
export function atomicityOf(operation: string, kind: ContainerKind): AtomicityRow | undefined {
  const rows = table.get(operation);
  return rows?.[kind] ?? rows?.any;
}

export function isAtomicEverywhere(known: AtomicityRow): boolean {
  return familiesInTrouble(known).length === 0;
}

/** Where the operation does not happen in one step. */
export function familiesInTrouble({ on }: AtomicityRow): readonly RuntimeFamily[] {
  return runtimeFamilies.filter((family) => on[family] !== "atomic");
}
