// Calls that make a lock: can the thread that holds one take it again?
// Sources: docs.python.org/3/library/threading (Lock, RLock, Condition, Semaphore objects), _thread, multiprocessing;
// cython.readthedocs.io, "Free threading" (pymutex, pythread_type_lock).

export interface LockConstructorRow {
  /** argument: a Condition is as reentrant as the lock it is given, and an RLock when it is given none. count: a semaphore of one is a lock. */
  readonly reentrant: "yes" | "no" | "argument" | "count";
}

/** By fully qualified name. */
export const lockConstructors: ReadonlyMap<string, LockConstructorRow> = new Map<string, LockConstructorRow>([
  ["threading.Lock", { reentrant: "no" }],
  ["_thread.allocate_lock", { reentrant: "no" }],
  ["_thread.lock", { reentrant: "no" }],
  ["multiprocessing.Lock", { reentrant: "no" }],
  ["cython.pymutex", { reentrant: "no" }],
  ["cython.pythread_type_lock", { reentrant: "no" }],
  ["threading.RLock", { reentrant: "yes" }],
  ["threading._RLock", { reentrant: "yes" }],
  ["_thread.RLock", { reentrant: "yes" }],
  ["multiprocessing.RLock", { reentrant: "yes" }],
  ["threading.Condition", { reentrant: "argument" }],
  ["threading.Semaphore", { reentrant: "count" }],
  ["threading.BoundedSemaphore", { reentrant: "count" }],
]);
