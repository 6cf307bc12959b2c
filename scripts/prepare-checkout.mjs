// The steps of the set-up, in order. Stops at the first that fails, with one line and that step's full log.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { copyAssets } from "./copy-assets.mjs";
import { installDependencies } from "./install-dependencies.mjs";
import { inRepository } from "./repository.mjs";
import { runQuietly } from "./run-quietly.mjs";
import { withSetupLock } from "./setup-lock.mjs";

/**
 * Sets process.exitCode to 2 when something is missing. `--with-test-runtimes` says that tests come next: it also provides
 * interpreters to test on where that is wanted, and a failure ends with the line that `npm test` always ends with.
 */
export async function prepareCheckout(flags) {
  const isBeforeTests = flags.includes("--with-test-runtimes");
  const failure = isPythonOnPath()
    ? await withSetupLock(inRepository(".raceproof", "setup.lock"), () => installDependenciesAndBuild())
    : { reason: "no python3 on PATH. Install Python 3.9 or newer: proofs run inside it.", log: "" };
  if (failure) {
    process.stderr.write(`${failure.log}raceproof: ${failure.reason}\n`);
    if (isBeforeTests) process.stdout.write("0 passed, 1 failed\n");
    process.exitCode = 2;
    return;
  }
  if (isBeforeTests && (process.env.CI === "true" || process.env.RACEPROOF_PROVIDE_RUNTIMES === "1")) {
    const { provideRuntimes } = await import("./provide-runtimes.mjs");
    provideRuntimes();
  }
}

async function installDependenciesAndBuild() {
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
  // Imported late: the bundler is one of the dependencies installed above.
  const { bundleProgram } = await import("./bundle.mjs");
  await bundleProgram();
  return undefined;
}

function isPythonOnPath() {
  const names = process.platform === "win32" ? ["python3.exe", "python.exe", "py.exe"] : ["python3"];
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.some((folder) => names.some((name) => existsSync(join(folder, name))));
}
