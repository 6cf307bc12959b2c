// Methods that a base class of the standard library calls while it holds a lock of its own: overriding them is safe.
// Source: Lib/queue.py ("Override these methods to implement other queue organizations": called with the mutex held) and
// docs.python.org/3/library/logging.html#logging.Handler.handle ("Wraps the actual emission of the record with acquisition/release of the I/O thread lock").

export interface LockedHookRow {
  readonly base: string;
  readonly methods: readonly string[];
  /** Attribute of the base that holds the lock. */
  readonly lock: string;
}

const queueMethods = ["_init", "_qsize", "_put", "_get"];

export const lockedHooks: readonly LockedHookRow[] = [
  { base: "queue.Queue", methods: queueMethods, lock: "mutex" },
  { base: "queue.LifoQueue", methods: queueMethods, lock: "mutex" },
  { base: "queue.PriorityQueue", methods: queueMethods, lock: "mutex" },
  { base: "logging.Handler", methods: ["emit"], lock: "lock" },
  { base: "logging.StreamHandler", methods: ["emit"], lock: "lock" },
];
