// Asks one interpreter what it is. Enters: a path. Leaves: a Runtime with its installation prefix, or why it cannot be used.
// Runs the interpreter isolated and without site packages, so nothing of the user's is imported.
import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import type { Runtime } from "../../vocabulary/index.ts";
import type { RuntimeCandidate } from "./runtime-candidates.ts";

export type RuntimeProbe =
  | { readonly kind: "usable"; readonly runtime: Runtime; /** Equal for two paths to one installation. */ readonly installation: string }
  | { readonly kind: "unsupported"; readonly reason: string }
  | { readonly kind: "broken"; readonly reason: string };

const OLDEST_MINOR = 9;
const PROBE_MILLISECONDS = 15_000;

/** Parses on every Python, so that an old one can say that it is too old. */
const PROGRAM = `
import json, sys
print(json.dumps({
    "implementation": getattr(getattr(sys, "implementation", None), "name", "unknown"),
    "version": list(sys.version_info[:3]),
    "level": sys.version_info[3],
    "serial": sys.version_info[4],
    "free_threaded": bool(__import__("sysconfig").get_config_var("Py_GIL_DISABLED")),
    "prefix": getattr(sys, "base_prefix", sys.prefix),
    "executable": getattr(sys, "_base_executable", None) or sys.executable,
}))
`;

interface ProbeAnswer {
  readonly implementation: string;
  readonly version: readonly [number, number, number];
  readonly level: string;
  readonly serial: number;
  readonly free_threaded: boolean;
  readonly prefix: string;
  readonly executable: string;
}

export async function probeRuntime(candidate: RuntimeCandidate, milliseconds: number = PROBE_MILLISECONDS): Promise<RuntimeProbe> {
  const { executable, origin } = candidate;
  let answer: ProbeAnswer;
  try {
    answer = JSON.parse(await run(candidate, milliseconds)) as ProbeAnswer;
  } catch (error) {
    return { kind: "broken", reason: error instanceof SyntaxError ? "it does not answer like Python" : firstLineOf(error) };
  }
  const [major, minor] = answer.version;
  if (major !== 3 || minor < OLDEST_MINOR) return { kind: "unsupported", reason: `Python ${answer.version.join(".")} is older than 3.${OLDEST_MINOR}` };
  const { implementation } = answer;
  if (implementation !== "cpython" && implementation !== "pypy") return { kind: "unsupported", reason: `${implementation} is neither CPython nor PyPy` };
  const version = `${answer.version.join(".")}${suffixOf(answer)}`;
  const id = `${implementation}-${version}${answer.free_threaded ? "t" : ""}`;
  const place = await realpath(answer.prefix).catch(() => answer.prefix);
  return {
    kind: "usable",
    runtime: { id, implementation, version, freeThreaded: answer.free_threaded, executable, origin },
    installation: `${id} ${place}`,
  };
}

function suffixOf({ level, serial }: ProbeAnswer): string {
  const letters: Readonly<Record<string, string>> = { alpha: "a", beta: "b", candidate: "rc" };
  const letter = letters[level];
  return letter === undefined ? "" : `${letter}${serial}`;
}

function run({ executable, under = [] }: RuntimeCandidate, milliseconds: number): Promise<string> {
  const [program = executable, ...before] = [...under, executable];
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...before, "-I", "-S", "-c", PROGRAM],
      { timeout: milliseconds, killSignal: "SIGKILL", maxBuffer: 64 * 1024, encoding: "utf8" },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(error.killed ? `no answer within ${milliseconds / 1000} s` : (lastLineOf(stderr) ?? error.message)));
      },
    );
    child.stdin?.end();
  });
}

function lastLineOf(text: string): string | undefined {
  return text.trim() === "" ? undefined : text.trim().split("\n").at(-1);
}

function firstLineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}
