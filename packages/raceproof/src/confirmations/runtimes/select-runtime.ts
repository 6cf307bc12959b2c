// Picks the interpreter to confirm on. Enters: what was discovered and what the user or the package asks for. Leaves: one Runtime.
import { stat } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import { acceptsPython, type Runtime, UserError } from "../../vocabulary/index.ts";
import { probeRuntime } from "./probe-runtime.ts";

export interface RuntimeWish {
  /** From discoverRuntimes(), in its order of preference. */
  readonly runtimes: readonly Runtime[];
  /** Path of an interpreter, an id, or a prefix of a version: "3.11", "3.13t", "pypy", "pypy3.9", "cpython-3.12". */
  readonly wanted?: string | undefined;
  /** The subject's Requires-Python. */
  readonly requiresPython?: string | undefined;
  /** Id of the runtime to take when nothing is wanted, if the subject allows it: the user's own `python3`. */
  readonly preferred?: string | undefined;
}

/** Id of what `python3` starts here and now (version managers' shims included), or undefined when it does not start. */
export async function activeRuntimeId(): Promise<string | undefined> {
  const probe = await probeRuntime({ executable: "python3", origin: "path" });
  return probe.kind === "usable" ? probe.runtime.id : undefined;
}

/** Default: the preferred one, else the newest CPython with a GIL that the subject allows, else any. Throws UserError when there is none. */
export async function selectRuntime({ runtimes, wanted, requiresPython, preferred }: RuntimeWish): Promise<Runtime> {
  if (wanted === undefined) return chooseDefault(runtimes, requiresPython, preferred);
  if (isAbsolute(wanted) || /[\\/]/.test(wanted)) return probeGiven(wanted);
  const exact = runtimes.find(({ id }) => id === wanted) ?? runtimes.find((runtime) => matchesPrefix(runtime, wanted));
  if (exact !== undefined) return exact;
  const known = runtimes.map(({ id }) => id).join(", ") || "none";
  throw new UserError(
    `no Python matches ${JSON.stringify(wanted)}; found: ${known}`,
    "Give a version such as 3.12 or 3.13t, an id from the list, or the path of an interpreter.",
  );
}

function chooseDefault(runtimes: readonly Runtime[], requiresPython: string | undefined, preferred: string | undefined): Runtime {
  const allowed = runtimes.filter(({ version }) => acceptsPython(requiresPython, version));
  const withLock = allowed.find(({ implementation, freeThreaded }) => implementation === "cpython" && !freeThreaded);
  const chosen = allowed.find(({ id }) => id === preferred) ?? withLock ?? allowed[0];
  if (chosen !== undefined) return chosen;
  if (runtimes.length === 0) throw new UserError("no Python 3.9 or newer was found", "Install one, or name an interpreter by its path.");
  throw new UserError(
    `the package requires Python ${requiresPython ?? ""}; found: ${runtimes.map(({ id }) => id).join(", ")}`,
    "Install a matching Python, or name an interpreter by its path.",
  );
}

async function probeGiven(path: string): Promise<Runtime> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const executable = isFolder ? join(path, "bin", "python3") : path;
  const probe = await probeRuntime({ executable, origin: "given" });
  if (probe.kind === "usable") return probe.runtime;
  throw new UserError(`${basename(path)} cannot be used as Python: ${probe.reason}`, "Give the path of a working CPython or PyPy, 3.9 or newer.");
}

/** "3.13" means with a GIL; "3.13t" without. A shorter version is a prefix of whole numbers: 3.1 is not 3.13. */
function matchesPrefix(runtime: Runtime, wanted: string): boolean {
  const match = /^(?:(cpython|pypy)-?)?(?:(\d+(?:\.\d+)*)(t)?)?$/.exec(wanted);
  if (match === null || wanted === "") return false;
  const [, implementation = "cpython", version, threaded] = match;
  if (runtime.implementation !== implementation || runtime.freeThreaded !== (threaded !== undefined)) return false;
  return version === undefined || runtime.version === version || runtime.version.startsWith(`${version}.`);
}
