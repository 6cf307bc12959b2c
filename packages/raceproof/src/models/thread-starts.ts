// Calls that run a function in another thread: which argument is the function.
// Source: docs.python.org/3/library/threading, _thread, concurrent.futures, asyncio, multiprocessing.dummy, signal, weakref, atexit.

export interface ThreadStartRow {
  /** Position of the callable among the positional arguments, from 0. */
  readonly position: number;
  readonly keyword: string;
}

/** By fully qualified name. */
export const threadStarts: ReadonlyMap<string, ThreadStartRow> = new Map<string, ThreadStartRow>([
  ["threading.Thread", { position: 1, keyword: "target" }],
  ["threading.Timer", { position: 1, keyword: "function" }],
  ["_thread.start_new_thread", { position: 0, keyword: "function" }],
  ["asyncio.to_thread", { position: 0, keyword: "func" }],
  ["weakref.finalize", { position: 1, keyword: "func" }],
]);

/** By method name alone, on executors, pools and loops whose class is not known; the argument must be a function of the program. */
export const threadStartMethods: ReadonlyMap<string, ThreadStartRow> = new Map<string, ThreadStartRow>([
  ["submit", { position: 0, keyword: "fn" }],
  ["run_in_executor", { position: 1, keyword: "func" }],
  ["apply_async", { position: 0, keyword: "func" }],
  ["call_soon_threadsafe", { position: 0, keyword: "callback" }],
]);
