// The interpreter in which an extension built with ThreadSanitizer says something true: built with it, too, and without the GIL. With any other one the
// sanitizer sees none of Python's locks. Enters: the cache folder's interpreters, or one that a person named. Leaves: a runtime and its circumstances.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { defaultCacheFolder } from "../../sources/index.ts";
import type { Runtime } from "../../vocabulary/index.ts";
import { probeRuntime } from "./probe-runtime.ts";
import type { EnvironmentVariables } from "./runtime-candidates.ts";
import type { SanitizerSetting } from "./sanitizer-setting.ts";

export interface InstrumentedRuntime {
  readonly runtime: Runtime;
  readonly sanitizer: SanitizerSetting;
}

/** Where scripts/provide-runtimes.mjs puts it: not among the interpreters that other work may choose from, it is slow. */
const FOLDER = "sanitized-pythons";
/** CPython's own list, from the source it was built of. */
const SUPPRESSIONS = "thread-sanitizer-suppressions.txt";

/** It is ten times as slow as others. */
const START_MILLISECONDS = 60_000;

/** history_size: else the stack of the earlier access is often lost. Crashes are the sanitizer's, not faulthandler's. */
const OPTIONS = "halt_on_error=0:exitcode=0:history_size=7:second_deadlock_stack=0:detect_deadlocks=0:report_signal_unsafe=0:handle_segv=2:handle_sigbus=2";

/** @param named path of an interpreter; those of the cache folder when undefined */
export async function findThreadSanitizer(
  named: string | undefined,
  environment: EnvironmentVariables = process.env,
): Promise<InstrumentedRuntime | undefined> {
  const under = (await succeeds("setarch", ["-R", "true"])) ? ["setarch", "-R"] : [];
  for (const executable of named === undefined ? await builtHere(environment) : [named]) {
    const probe = await probeRuntime({ executable, origin: "raceproof", under }, START_MILLISECONDS);
    if (probe.kind !== "usable" || !probe.runtime.freeThreaded || !(await isInstrumented(executable, under))) continue;
    const list = join(executable, "..", "..", SUPPRESSIONS);
    const options = existsSync(list) ? `${OPTIONS}:suppressions=${list}` : OPTIONS;
    return { runtime: probe.runtime, sanitizer: { environment: { TSAN_OPTIONS: options }, library: undefined, under } };
  }
  return undefined;
}

async function builtHere(environment: EnvironmentVariables): Promise<string[]> {
  const folder = join(defaultCacheFolder(environment), FOLDER);
  const names = await readdir(folder).catch(() => []);
  return names
    .toSorted()
    .flatMap((name) => /^([\d.]+t)-thread$/.exec(name)?.[1]?.replace(/^/, `${name}/bin/python`) ?? [])
    .map((path) => join(folder, path));
}

function isInstrumented(executable: string, under: readonly string[]): Promise<boolean> {
  const program = 'import sys, sysconfig; sys.exit("-fsanitize=thread" not in sysconfig.get_config_var("PY_CFLAGS"))';
  const [first = executable, ...rest] = [...under, executable, "-I", "-c", program];
  return succeeds(first, rest);
}

function succeeds(program: string, parameters: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, parameters, { timeout: START_MILLISECONDS }, (error) => resolve(error === null)).stdin?.end();
  });
}
