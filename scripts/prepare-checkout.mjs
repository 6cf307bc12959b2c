// The steps of the set-up, in order. Stops at the first that fails, with one line and that step's full log.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { copyAssets } from "./copy-assets.mjs";
import { installDependencies } from "./install-dependencies.mjs";
import { inRepository } from "./repository.mjs";
import { runQuietly } from "./run-quietly.mjs";
import { withSetupLock } from "./setup-lock.mjs";

/** Sets process.exitCode to 2 when something is missing. `--with-test-runtimes` also looks for interpreters to test on. */
export async function prepareCheckout(flags) {
  if (!isPythonOnPath()) return fail("no python3 on PATH. Install Python 3.9 or newer: proofs run inside it.");
  const failure = await withSetupLock(inRepository(".raceproof", "setup.lock"), () => installDependenciesAndBuild());
  if (failure) return fail(failure.reason, failure.log);
  if (flags.includes("--with-test-runtimes") && (process.env.CI === "true" || process.env.RACEPROOF_PROVIDE_RUNTIMES === "1")) {
    const { provideRuntimes } = await import("./provide-runtimes.mjs");
    provideRuntimes();
  }
}

function installDependenciesAndBuild() {
  const installed = installDependencies();
  if (!installed.ok) return installed;
  const firstBuild = !existsSync(inRepository("packages", "raceproof", "dist", ".tsbuildinfo"));
  const built = runQuietly({
    ...(firstBuild ? { label: "building" } : {}),
    command: process.execPath,
    arguments: [inRepository("node_modules", "typescript", "bin", "tsc"), "-b"],
  });
  if (!built.ok) return { reason: "the build (tsc -b) failed.", log: built.log };
  copyAssets();
  return undefined;
}

function isPythonOnPath() {
  const names = process.platform === "win32" ? ["python3.exe", "python.exe", "py.exe"] : ["python3"];
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.some((folder) => names.some((name) => existsSync(join(folder, name))));
}

function fail(reason, log = "") {
  process.stderr.write(`${log}raceproof: ${reason}\n`);
  process.exitCode = 2;
}
