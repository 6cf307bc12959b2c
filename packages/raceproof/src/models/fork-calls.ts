// Calls that copy the process while its other threads stop existing in the copy.
// Source: docs.python.org/3/library/os.html#os.fork (DeprecationWarning in a process with threads since 3.12), multiprocessing start
// methods ("fork" is the default on POSIX other than macOS before 3.14), subprocess.Popen ("preexec_fn is NOT SAFE ... in the presence of threads").

export type ForkKind = "fork" | "worker" | "preexec";

export const forkCalls: ReadonlyMap<string, ForkKind> = new Map<string, ForkKind>([
  ["os.fork", "fork"],
  ["os.forkpty", "fork"],
  ["pty.fork", "fork"],
  ["multiprocessing.Process", "worker"],
  ["multiprocessing.Pool", "worker"],
  ["multiprocessing.pool.Pool", "worker"],
  ["concurrent.futures.ProcessPoolExecutor", "worker"],
  ["concurrent.futures.process.ProcessPoolExecutor", "worker"],
  ["subprocess.Popen", "preexec"],
  ["subprocess.run", "preexec"],
  ["subprocess.call", "preexec"],
  ["subprocess.check_call", "preexec"],
  ["subprocess.check_output", "preexec"],
]);

/** The program says what locks do in the child. */
export const forkHandlers: ReadonlySet<string> = new Set(["os.register_at_fork"]);

/** The program chose another way to start processes. */
export const startMethodCalls: ReadonlySet<string> = new Set(["multiprocessing.set_start_method", "multiprocessing.get_context"]);

/** Replaces the child's memory: what locks it inherited no longer matters. */
export const replacesProcess: RegExp = /^os\.(exec[lv]\w*|posix_spawnp?)$/;
