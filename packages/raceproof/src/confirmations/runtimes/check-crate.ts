// Changed texts of a crate in, whether the compiler takes it out. Executes build scripts and macros of the crate and of what it depends on: only after a person allowed it.
// A copy is checked; the lock file in it may be brought in line with the manifest, as Cargo would.
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Runtime } from "../../vocabulary/index.ts";
import { cargoEnvironment } from "./build-extension.ts";
import { runCargo } from "./build-crate.ts";

export interface CrateCheck {
  readonly root: string;
  /** Of the crate, relative to the root. */
  readonly manifest: string;
  /** Changed files, relative to the root. */
  readonly changed: ReadonlyMap<string, Uint8Array>;
  readonly runtime: Runtime;
  readonly cacheFolder: string;
}

const leftOut = new Set([".git", "target", "node_modules", ".venv"]);

/** Undefined when it compiles; else the first error. */
export async function checkCrate({ root, manifest, changed, runtime, cacheFolder }: CrateCheck): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "raceproof-crate-"));
  try {
    await cp(root, folder, { recursive: true, filter: (path) => path === root || !leftOut.has(basename(path)) });
    for (const [path, bytes] of changed) await writeFile(join(folder, path), bytes);
    const env = { ...process.env, PYO3_PYTHON: runtime.executable, ...cargoEnvironment(join(cacheFolder, "crates", `check-${runtime.id}`)) };
    const { failure, stderr } = await runCargo(["check", "--message-format=short", "--manifest-path", join(folder, manifest)], { cwd: folder, env });
    if (failure === undefined) return undefined;
    const error = stderr.split("\n").find((line) => /(?:^|\s)error(?:\[\w+\])?:/.test(line));
    return (error ?? `${failure}: ${stderr.trim().split("\n").at(-1) ?? ""}`).replaceAll(`${folder}/`, "");
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
