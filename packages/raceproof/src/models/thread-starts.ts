// Calls that run a function in another thread, or at a moment of their own: which argument is the function, which are its arguments.
// Sources: docs.python.org/3/library/threading, _thread, concurrent.futures, multiprocessing.pool (ThreadPool), asyncio-eventloop, asyncio-task,
// signal, atexit, weakref, gc, socketserver; anyio.readthedocs.io/en/stable/threads.html; asgiref README (sync_to_async).

export interface ThreadStartRow {
  /** Position of the callable among the positional arguments, from 0. */
  readonly position: number;
  readonly keyword: string;
  /** What the function is to the call, for people: "target". */
  readonly as: string;
  /**
   * thread: it runs beside its caller. moment: it interrupts whichever thread is running when a signal, the collector or the exit comes.
   * loop: the thread of an event loop, which is not its caller's, runs it ("must be used to schedule callbacks from another thread",
   * docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.call_soon_threadsafe).
   */
  readonly runs: "thread" | "moment" | "loop";
  /** Where its arguments stand: in a tuple under this keyword or position, or after it one by one. */
  readonly passes?: { readonly keyword: string; readonly position: number } | "rest";
}

const thread: ThreadStartRow = { position: 1, keyword: "target", as: "target", runs: "thread", passes: { keyword: "args", position: 3 } };
const worker: ThreadStartRow = { position: 0, keyword: "func", as: "function", runs: "thread", passes: "rest" };
const callback: ThreadStartRow = { position: 1, keyword: "callback", as: "callback", runs: "moment" };

/** By fully qualified name. */
export const threadStarts: ReadonlyMap<string, ThreadStartRow> = new Map<string, ThreadStartRow>([
  ["threading.Thread", thread],
  ["threading.Timer", { position: 1, keyword: "function", as: "function", runs: "thread", passes: { keyword: "args", position: 2 } }],
  ["_thread.start_new_thread", { position: 0, keyword: "function", as: "function", runs: "thread", passes: { keyword: "args", position: 1 } }],
  ["asyncio.to_thread", worker],
  ["anyio.to_thread.run_sync", worker],
  ["asgiref.sync.sync_to_async", worker],
  ["starlette.concurrency.run_in_threadpool", worker],
  ["signal.signal", { position: 1, keyword: "handler", as: "handler", runs: "moment" }],
  ["atexit.register", { position: 0, keyword: "func", as: "function", runs: "moment" }],
  ["weakref.ref", callback],
  ["weakref.proxy", callback],
  ["weakref.finalize", { position: 1, keyword: "func", as: "callback", runs: "moment" }],
]);

/** Calls that start threads or make what starts them. */
export const threadMakers: ReadonlySet<string> = new Set([
  "threading.Thread",
  "threading.Timer",
  "_thread.start_new_thread",
  "asyncio.to_thread",
  "concurrent.futures.ThreadPoolExecutor",
  "concurrent.futures.thread.ThreadPoolExecutor",
  "multiprocessing.pool.ThreadPool",
]);

/** By method name alone, on executors, pools and loops whose class is not known; the argument must be a function of the program. */
export const threadStartMethods: ReadonlyMap<string, ThreadStartRow> = new Map<string, ThreadStartRow>([
  ["submit", { position: 0, keyword: "fn", as: "task", runs: "thread", passes: "rest" }],
  ["map", { position: 0, keyword: "fn", as: "task", runs: "thread" }],
  ["imap", { position: 0, keyword: "func", as: "task", runs: "thread" }],
  ["imap_unordered", { position: 0, keyword: "func", as: "task", runs: "thread" }],
  ["starmap", { position: 0, keyword: "func", as: "task", runs: "thread" }],
  ["map_async", { position: 0, keyword: "func", as: "task", runs: "thread" }],
  ["apply_async", { position: 0, keyword: "func", as: "task", runs: "thread", passes: { keyword: "args", position: 1 } }],
  ["run_in_executor", { position: 1, keyword: "func", as: "task", runs: "thread", passes: "rest" }],
  ["call_soon_threadsafe", { position: 0, keyword: "callback", as: "callback", runs: "loop", passes: "rest" }],
]);

/** Methods that the standard library calls in a thread of their own when a class extends one of these bases. */
export const threadMethods: readonly { readonly base: string; readonly method: string }[] = [
  { base: "threading.Thread", method: "run" },
  { base: "threading.Timer", method: "run" },
  { base: "socketserver.ThreadingMixIn", method: "process_request_thread" },
];

/**
 * Last names of calls that give a future of an event loop: "callbacks are called through loop.call_soon()", in the loop's own thread and never
 * at once (docs.python.org/3/library/asyncio-future.html#asyncio.Future.add_done_callback).
 */
export const loopFutures: ReadonlySet<string> = new Set(["ensure_future", "create_task", "create_future", "run_in_executor", "wrap_future", "gather"]);
