// Methods that wait for another thread to do something, and what that thread does to end the wait.
// Source: docs.python.org/3/library/threading (Thread.join, Event.wait), queue (Queue.get, Queue.join), concurrent.futures (Future.result).

export interface WaitingRow {
  /** What others call on the same object, or run, to end the wait. */
  readonly endedBy: readonly string[];
  /** The other side is a thread that must end, rather than a call on the same object. */
  readonly needsThread: boolean;
}

/** By method name, called without arguments: with a timeout the wait ends by itself. */
export const waitingMethods: ReadonlyMap<string, WaitingRow> = new Map<string, WaitingRow>([
  ["join", { endedBy: ["task_done"], needsThread: true }],
  ["result", { endedBy: ["set_result", "set_exception"], needsThread: true }],
  ["get", { endedBy: ["put", "put_nowait"], needsThread: false }],
  ["wait", { endedBy: ["set", "wait"], needsThread: false }],
]);

/** Calls that take long or for ever whatever other threads do, by fully qualified name. */
export const slowCalls: ReadonlySet<string> = new Set([
  "time.sleep",
  "subprocess.run",
  "subprocess.call",
  "subprocess.check_call",
  "subprocess.check_output",
  "os.system",
  "os.wait",
  "os.waitpid",
  "select.select",
  "socket.create_connection",
  "urllib.request.urlopen",
  "builtins.input",
]);
