// Builds a crate into an extension module, by its project's own build (maturin, setuptools-rust) or with cargo alone, for one interpreter.
// Enters: a manifest. Leaves: a folder for sys.path, or why there is none.
// Executes the crate's build scripts and macros: only after a person allowed it. The crate's own folder is not written to.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, cp, mkdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { Runtime } from "../../vocabulary/index.ts";
import { UserError } from "../../vocabulary/index.ts";
import { buildExtension, cargoEnvironment } from "./build-extension.ts";

export interface CrateTask {
  /** Absolute path of Cargo.toml. */
  readonly manifest: string;
  /** Folder that has everything the build reads; copied where no Cargo.lock is between it and the manifest. */
  readonly root: string;
  readonly runtime: Runtime;
  /** "pyo3/extension-module": on top of what the manifest asks for. */
  readonly features: readonly string[];
  readonly cacheFolder: string;
  /** Only cargo: the manifest is not the one that the project's build takes. */
  readonly cargoAlone?: true;
  readonly signal?: AbortSignal | undefined;
}

export interface BuiltCrate {
  /** For sys.path. */
  readonly folder: string;
  /** Names to import, the innermost last: "package._native". Of cargo alone the library's name. */
  readonly modules: readonly string[];
}

const BUILD_MILLISECONDS = 900_000;
const OUTPUT_BYTES = 64 * 1024 * 1024;
const LAST_LINES = 12;
const leftOut = new Set([".git", "target", "node_modules", ".venv"]);

/** @throws UserError with the last lines of a build that failed */
export async function buildCrate(task: CrateTask): Promise<BuiltCrate> {
  const project = task.cargoAlone ? undefined : projectOf(task);
  if (project === undefined) return buildAlone(task);
  const { root, runtime, cacheFolder, signal } = task;
  const { folder, modules } = await buildExtension({ root, project, name: basename(dirname(task.manifest)), runtime, flavor: "plain", cacheFolder, signal });
  return { folder, modules };
}

/** The nearest folder around the crate whose build knows Rust, below the root. */
function projectOf({ manifest, root }: CrateTask): string | undefined {
  for (let folder = dirname(manifest); folder.startsWith(root); folder = dirname(folder)) {
    const isBuiltHere = ["pyproject.toml", "setup.py"].some((name) => {
      const file = join(folder, name);
      return existsSync(file) && /maturin|setuptools[-_]rust/.test(readFileSync(file, "utf8"));
    });
    if (isBuiltHere) return relative(root, folder);
  }
  return undefined;
}

async function buildAlone(task: CrateTask): Promise<BuiltCrate> {
  const { manifest, root, runtime, cacheFolder } = task;
  const key = createHash("sha256")
    .update(JSON.stringify([manifest, runtime.id, runtime.executable]))
    .digest("hex");
  const folder = join(cacheFolder, "crates", key.slice(0, 24));
  await mkdir(folder, { recursive: true });
  const isLocked = hasLock(manifest, root);
  const source = isLocked ? manifest : await copied(task, join(folder, "source"));
  const library = await compile(task, { source, isLocked, target: join(folder, "target") });
  const module = basename(library).replace(/^lib|\.\w+$/g, "");
  const modules = join(folder, "modules");
  await mkdir(modules, { recursive: true });
  await copyFile(library, join(modules, `${module}${process.platform === "win32" ? ".pyd" : ".so"}`));
  return { folder: modules, modules: [module] };
}

function hasLock(manifest: string, root: string): boolean {
  for (let folder = dirname(manifest); folder.startsWith(root); folder = dirname(folder)) if (existsSync(join(folder, "Cargo.lock"))) return true;
  return false;
}

/** Cargo writes a lock file beside a manifest that has none. */
async function copied({ root, manifest }: CrateTask, folder: string): Promise<string> {
  await cp(root, folder, { recursive: true, filter: (path) => !leftOut.has(basename(path)) });
  return join(folder, relative(root, manifest));
}

interface Compilation {
  readonly source: string;
  readonly isLocked: boolean;
  readonly target: string;
}

async function compile({ manifest, runtime, features, signal }: CrateTask, { source, isLocked, target }: Compilation): Promise<string> {
  const parameters = ["build", "--release", "--lib", "--message-format=json", "--manifest-path", source];
  if (features.length > 0) parameters.push("--features", features.join(","));
  if (isLocked) parameters.push("--locked");
  const env = { ...process.env, PYO3_PYTHON: runtime.executable, ...cargoEnvironment(target) };
  const { failure, stdout, stderr } = await runCargo(parameters, { cwd: dirname(source), env, signal });
  const library = failure === undefined ? libraryIn(stdout, source) : undefined;
  if (library !== undefined) return library;
  const lines = `${failure ?? "no extension module came out: is crate-type cdylib?"}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  const errors = lines.filter((line) => line.startsWith("error"));
  throw new UserError(
    `${manifest} cannot be built for ${runtime.id}:\n${(errors.length > 0 ? errors : lines).slice(-LAST_LINES).join("\n")}`,
    "Its own build must work here: cargo, the crates it needs, and a Python that its PyO3 knows (--python).",
  );
}

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

interface Ended {
  readonly failure: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export function runCargo(parameters: readonly string[], { cwd, env, signal }: Surroundings): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: BUILD_MILLISECONDS, maxBuffer: OUTPUT_BYTES, encoding: "utf8", ...(signal ? { signal } : {}) } as const;
    execFile("cargo", parameters, options, (error, stdout, stderr) => {
      const isMissing = (error as NodeJS.ErrnoException | null)?.code === "ENOENT";
      resolve({ failure: error === null ? undefined : isMissing ? "cargo is not installed" : "cargo failed", stdout, stderr });
    });
  });
}

/** Cargo's messages for machines: the Cargo book, "External tools", artifact messages. */
function libraryIn(stdout: string, manifest: string): string | undefined {
  for (const line of stdout.split("\n")) {
    if (!line.startsWith("{")) continue;
    const message = JSON.parse(line) as { reason?: string; manifest_path?: string; filenames?: string[]; target?: { crate_types?: string[] } };
    if (message.reason !== "compiler-artifact" || message.manifest_path !== manifest || message.target?.crate_types?.includes("cdylib") !== true) continue;
    const library = message.filenames?.find((name) => /\.(?:so|dylib|dll|pyd)$/.test(name));
    if (library !== undefined) return library;
  }
  return undefined;
}
