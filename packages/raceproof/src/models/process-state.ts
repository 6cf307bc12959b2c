// State that belongs to the whole process: calls and attributes of the standard library through which a library changes it.
// Source: docs.python.org/3/library of each module; POSIX for umask, chdir, environ, locale, uid and gid.

export interface ProcessStateRow {
  /** What is changed, as a location name. */
  readonly state: string;
  /** The call returns or reports the old value, so that callers save and restore it. */
  readonly swaps: boolean;
}

export const processStateCalls: ReadonlyMap<string, ProcessStateRow> = new Map<string, ProcessStateRow>([
  ["os.umask", { state: "process umask", swaps: true }],
  ["os.chdir", { state: "working directory", swaps: false }],
  ["os.fchdir", { state: "working directory", swaps: false }],
  ["os.putenv", { state: "environment", swaps: false }],
  ["os.unsetenv", { state: "environment", swaps: false }],
  ["os.setuid", { state: "process user id", swaps: false }],
  ["os.setgid", { state: "process group id", swaps: false }],
  ["locale.setlocale", { state: "locale", swaps: true }],
  ["time.tzset", { state: "time zone", swaps: false }],
  ["signal.signal", { state: "signal handlers", swaps: true }],
  ["socket.setdefaulttimeout", { state: "socket default timeout", swaps: false }],
  ["sys.setrecursionlimit", { state: "recursion limit", swaps: false }],
  ["warnings.simplefilter", { state: "warning filters", swaps: false }],
  ["random.seed", { state: "random state", swaps: false }],
]);
