// Builds a subject's extension modules by its own build, for one interpreter. Enters: a folder with a build description, a flavor. Leaves: a
// folder for sys.path with what was built, or why not. Executes the subject's build: only after a person allowed it.
// The compiler is wrapped, not told by variables: what a build says later on the command line would win.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import { digestTree } from "../../sources/index.ts";
import type { Runtime, SanitizerKind } from "../../vocabulary/index.ts";
import { UserError } from "../../vocabulary/index.ts";
import { writeCompilerWrapper } from "./compiler-wrapper.ts";

/** address, thread: with that sanitizer, and where stacks can be followed. */
export type BuildFlavor = "plain" | SanitizerKind;

export interface ExtensionBuild {
  /** For sys.path. */
  readonly folder: string;
  /** Names to import: "package._speedups". */
  readonly modules: readonly string[];
  /** Everything the build said. */
  readonly log: string;
}

export interface BuildTask {
  /** Absolute: what the build reads. */
  readonly root: string;
  /** Folder below the root with a pyproject.toml or setup.py; the root itself when absent. */
  readonly project?: string;
  readonly name: string;
  readonly runtime: Runtime;
  readonly flavor: BuildFlavor;
  readonly cacheFolder: string;
  readonly signal?: AbortSignal | undefined;
}

const BUILD_MILLISECONDS = 900_000;
const LOG_BYTES = 64 * 1024 * 1024;
const LAST_LINES = 15;
/** Stored builds of an earlier form are not used. */
const FORM = 3;

/** What every file is compiled with after all that the build wants. -Wpedantic: where labels stand is told by it (C11 6.8.1, C23 6.8.2). */
const flagsOf: Readonly<Record<BuildFlavor, string>> = {
  plain: "-g -Wpedantic -Wno-error",
  address: "-O1 -g -fno-omit-frame-pointer -fsanitize=address -Wno-error",
  thread: "-O1 -g -fno-omit-frame-pointer -fsanitize=thread -Wno-error",
};

/** Copies that builds do not need, or that hold another machine's results. */
const leftOut = new Set([".git", ".hg", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__", "build", "dist", "target"]);

/** Kept by the digest of the sources, the interpreter and the flavor. @throws UserError with the last lines of a build that failed */
export async function buildExtension(task: BuildTask): Promise<ExtensionBuild> {
  const project = join(task.root, task.project ?? "");
  if (!["pyproject.toml", "setup.py"].some((file) => existsSync(join(project, file))))
    throw new UserError(`${task.name} cannot be built: ${project} has neither pyproject.toml nor setup.py`, "Name the folder that its build starts from.");
  const draft = await mkdtemp(join(tmpdir(), "raceproof-build-"));
  try {
    const source = join(draft, basename(task.root));
    await cp(task.root, source, { recursive: true, filter: (path) => path === task.root || !leftOut.has(basename(path)) });
    const key = createHash("sha256")
      .update(JSON.stringify([FORM, task.runtime.id, task.runtime.executable, task.flavor, flagsOf[task.flavor], task.project ?? "", await digestTree(source)]))
      .digest("hex")
      .slice(0, 24);
    const folder = join(task.cacheFolder, "extensions", key);
    return (await readBuild(folder)) ?? (await buildInto(folder, task, { draft, source: join(source, task.project ?? "") }));
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function buildInto(folder: string, task: BuildTask, { draft, source }: { readonly draft: string; readonly source: string }): Promise<ExtensionBuild> {
  const { runtime, signal } = task;
  const env = { ...(await buildEnvironment(draft, task.flavor)), ...cargoEnvironment(join(task.cacheFolder, "crates", runtime.id)) };
  const wheels = join(draft, "wheels");
  const wheel = ["-m", "pip", "wheel", "-v", "--no-deps", "--no-input", "--disable-pip-version-check", "--no-cache-dir", "-w", wheels];
  const run = (parameters: readonly string[]): Promise<Ended> => runTool(runtime.executable, parameters, { cwd: draft, env, signal });
  let ended = await run([...wheel, source]);
  // Without the network a build can still use what the interpreter has.
  if (!ended.ok && /Could not find a version|No matching distribution|Connection|Temporary failure/i.test(ended.log)) {
    const again = await run([...wheel, "--no-build-isolation", source]);
    ended = { ok: again.ok, log: `${ended.log}\n${again.log}` };
  }
  if (!ended.ok) throw failedBuild(task, ended.log);
  const built = (await readdir(wheels)).find((file) => file.endsWith(".whl"));
  const unpacked = join(draft, "unpacked");
  const opened = built === undefined ? undefined : await run(["-m", "zipfile", "-e", join(wheels, built), unpacked]);
  if (opened?.ok !== true) throw failedBuild(task, `${ended.log}\n${opened?.log ?? "no wheel came out"}`);
  await writeFile(join(unpacked, LOG_FILE), ended.log);
  await mkdir(join(folder, ".."), { recursive: true });
  // Somebody else may have put the same folder there meanwhile.
  await rename(unpacked, folder).catch(async () => (existsSync(folder) ? undefined : cp(unpacked, folder, { recursive: true })));
  const result = await readBuild(folder);
  if (result === undefined) throw failedBuild(task, `${ended.log}\nno extension module came out`);
  return result;
}

const LOG_FILE = "raceproof-build.log";

async function readBuild(folder: string): Promise<ExtensionBuild | undefined> {
  const log = await readFile(join(folder, LOG_FILE), "utf8").catch(() => undefined);
  if (log === undefined) return undefined;
  const modules = (await readdir(folder, { recursive: true })).flatMap((file) => moduleOf(file) ?? []).toSorted();
  return modules.length === 0 ? undefined : { folder, modules, log };
}

/** "package/_speedups.cpython-313t-x86_64-linux-gnu.so" -> "package._speedups". Libraries that builds bundle are no modules. */
function moduleOf(file: string): string | undefined {
  const match = /^(.*?)\.(?:[\w-]+\.)?(?:so|pyd)$/.exec(file.split(sep).join("/"));
  const path = match?.[1];
  return path === undefined || /(^|\/)lib[^/]*$|\.libs\//.test(path) ? undefined : path.replaceAll("/", ".");
}

async function buildEnvironment(draft: string, flavor: BuildFlavor): Promise<Readonly<Record<string, string | undefined>>> {
  const cc = await writeCompilerWrapper(join(draft, "cc"), process.env["CC"] ?? "cc", flagsOf[flavor]);
  const cxx = await writeCompilerWrapper(join(draft, "c++"), process.env["CXX"] ?? "c++", flagsOf[flavor]);
  return {
    ...process.env,
    CC: cc,
    CXX: cxx,
    PYTHONNOUSERSITE: "1",
    // Copies have no history that a version could be read from.
    SETUPTOOLS_SCM_PRETEND_VERSION: process.env["SETUPTOOLS_SCM_PRETEND_VERSION"] ?? "0",
  };
}

/** Names of frames, and no waiting for the optimizer. Source: the Cargo book, "Environment variables". */
export function cargoEnvironment(target: string): Readonly<Record<string, string>> {
  const profile = { DEBUG: "line-tables-only", STRIP: "none", LTO: "off", CODEGEN_UNITS: "16" };
  return { CARGO_TARGET_DIR: target, ...Object.fromEntries(Object.entries(profile).map(([name, value]) => [`CARGO_PROFILE_RELEASE_${name}`, value])) };
}

interface Ended {
  readonly ok: boolean;
  readonly log: string;
}

interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

function runTool(program: string, parameters: readonly string[], { cwd, env, signal }: Surroundings): Promise<Ended> {
  return new Promise((resolve) => {
    const options = {
      cwd,
      env,
      timeout: BUILD_MILLISECONDS,
      killSignal: "SIGKILL",
      maxBuffer: LOG_BYTES,
      encoding: "utf8",
      ...(signal ? { signal } : {}),
    } as const;
    const child = execFile(program, parameters, options, (error, stdout, stderr) =>
      resolve({ ok: error === null, log: `${stdout}\n${stderr}${error?.killed === true ? `\nno end within ${BUILD_MILLISECONDS / 1000} s` : ""}` }),
    );
    child.stdin?.end();
  });
}

function failedBuild({ name, runtime, root }: BuildTask, log: string): UserError {
  const lines = log
    .split("\n")
    .map((line) => line.trimEnd().replaceAll(`${root}${sep}`, ""))
    .filter((line) => line !== "");
  const end = lines.slice(-LAST_LINES).map((line) => `  ${line.slice(0, 300)}`);
  return new UserError(
    `${name} could not be built for ${runtime.id}; the build ended with:\n${end.join("\n")}`,
    "Its own build must work here: compiler, headers, tools.",
  );
}
