// Calls that take a closure: whether the thread has the interpreter inside it, whether another thread runs it, what its parameter is.
// Sources: docs.rs/pyo3 (Python::attach, Python::detach, marker module; with_gil and allow_threads before 0.26); doc.rust-lang.org/std/thread; docs.rs/rayon.

export interface ClosureCall {
  readonly attachment: "attached" | "detached" | "spawned" | undefined;
  readonly otherThread: boolean;
}

const attaching: ReadonlySet<string> = new Set(["with_gil", "attach", "try_attach", "with_gil_unchecked", "attach_unchecked"]);
const detaching: ReadonlySet<string> = new Set(["allow_threads", "detach"]);
const spawning: ReadonlySet<string> = new Set(["spawn", "spawn_blocking", "spawn_scoped", "spawn_unchecked", "spawn_fifo", "spawn_broadcast"]);
/** Their closures run on the pool while the caller waits. */
const parallel: ReadonlySet<string> = new Set(["install", "in_place_scope"]);

export function closureCall(name: string): ClosureCall | undefined {
  if (attaching.has(name)) return { attachment: "attached", otherThread: false };
  if (detaching.has(name)) return { attachment: "detached", otherThread: false };
  if (spawning.has(name) || parallel.has(name)) return { attachment: "spawned", otherThread: true };
  return undefined;
}

/** Methods whose closure gets an element, or the inside, of the receiver as its first parameter. */
export const elementClosures: ReadonlySet<string> = new Set(
  (
    "map and_then for_each try_for_each filter filter_map find find_map any all position flat_map inspect take_while skip_while map_while is_some_and is_ok_and map_or " +
    "map_or_else retain retain_mut if_some unwrap_or_else then_with partition max_by_key min_by_key sort_by_key update_with"
  ).split(" "),
);

/** fold and its like: the element is the second parameter. */
export const foldingClosures: ReadonlySet<string> = new Set(["fold", "try_fold", "rfold", "scan"]);

/** They return what their closure returns. */
export const returnsOfClosure: ReadonlySet<string> = new Set([
  ...attaching,
  ...detaching,
  "with",
  "call_once",
  "scope",
  "catch_unwind",
  "with_critical_section",
  "with_critical_section2",
]);

/** They run a future to its end, or look at several, on the calling thread. */
export const waitsForFuture: RegExp = /^(?:block_on\w*|run_until\w*|with_timeout|timeout|timeout_at|join|try_join|select|scope|pin|new|from)$/;
