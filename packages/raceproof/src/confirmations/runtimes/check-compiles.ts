// C and C++ files in, whether a compiler takes them out: syntax and types only, nothing is linked or run. Headers of Python come from the
// interpreters found: with the GIL and without it, since lock macros are braces in one and calls in the other.
// Misses: flags that only the project's build knows; headers it generates. Where the files do not compile as they are, nothing is said.
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Runtime } from "../../vocabulary/index.ts";

export interface CompiledFile {
  /** Relative to the subject's root. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export type CompileOutcome =
  /** With headers of these. */
  | { readonly kind: "compiles"; readonly headers: readonly string[] }
  | { readonly kind: "fails"; readonly file: string; readonly line: number; readonly message: string }
  /** There is no compiler, or no headers. */
  | { readonly kind: "impossible"; readonly reason: string };

interface Headers {
  readonly name: string;
  readonly flags: readonly string[];
}

const milliseconds = 120_000;
const mostUnits = 40;

/** @param changed only what is made of these files is compiled */
export async function checkCompiles(files: readonly CompiledFile[], changed: ReadonlySet<string>, runtimes: readonly Runtime[]): Promise<CompileOutcome> {
  const headers = await headersOf(runtimes);
  if (headers.length === 0) return { kind: "impossible", reason: "no CPython with its headers was found" };
  const units = unitsOf(files, changed).slice(0, mostUnits);
  const folder = await mkdtemp(join(tmpdir(), "raceproof-compile-"));
  try {
    for (const { path, bytes } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    const folders = new Set(files.filter(({ path }) => /\.h\w*$/.test(path)).map(({ path }) => dirname(path)));
    // Behind the system's: a copy of <inttypes.h> for another compiler is not meant here.
    const own = [".", ...folders].flatMap((each) => ["-iquote", each, "-idirafter", each]);
    for (const { flags } of headers) {
      for (const unit of units) {
        const failure = await compile(folder, unit, [...own, ...flags]);
        if (failure !== undefined) return failure;
      }
    }
    return { kind: "compiles", headers: headers.map(({ name }) => name) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files that are compiled by themselves and are, or include, what has changed. */
function unitsOf(files: readonly CompiledFile[], changed: ReadonlySet<string>): string[] {
  const reached = new Set(changed);
  const included = files.map(({ path, bytes }) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    return { path, names: [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]/gm)].map(([, name = ""]) => name.replace(/^(?:\.\.?\/)+/, "")) };
  });
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const { path, names } of included) {
      if (names.some((name) => [...reached].some((each) => each === name || each.endsWith(`/${name}`)))) reached.add(path);
    }
  }
  const parts = new Set(included.flatMap(({ names }) => names.map((name) => name.split("/").at(-1))));
  // A file that another one includes is part of that.
  return [...reached].filter((path) => /\.(?:c|cc|cpp|cxx)$/.test(path) && !parts.has(path.split("/").at(-1))).toSorted();
}

async function headersOf(runtimes: readonly Runtime[]): Promise<Headers[]> {
  const found: { runtime: Runtime; folder: string }[] = [];
  const cpython = runtimes.filter(({ implementation }) => implementation === "cpython").toSorted((a, b) => minorOf(b) - minorOf(a));
  for (const runtime of cpython) {
    if (found.some(({ runtime: other }) => other.freeThreaded === runtime.freeThreaded)) continue;
    const folder = await includeFolder(runtime);
    if (folder !== undefined) found.push({ runtime, folder });
  }
  return found.flatMap(({ runtime, folder }): Headers[] => {
    const own = { name: runtime.id, flags: ["-I", folder] };
    const isAlone = found.length === 1 && !runtime.freeThreaded && minorOf(runtime) >= 13;
    return isAlone ? [own, { name: `${runtime.id} with Py_GIL_DISABLED`, flags: [...own.flags, "-DPy_GIL_DISABLED=1"] }] : [own];
  });
}

function minorOf({ version }: Runtime): number {
  return Number(version.split(".")[1]);
}

async function includeFolder({ executable }: Runtime): Promise<string | undefined> {
  const { output } = await run(executable, ["-I", "-S", "-c", "import sysconfig; print(sysconfig.get_path('include'))"], tmpdir());
  const folder = output.trim();
  return access(join(folder, "Python.h")).then(
    () => folder,
    () => undefined,
  );
}

async function compile(folder: string, unit: string, flags: readonly string[]): Promise<CompileOutcome | undefined> {
  const compiler = unit.endsWith(".c") ? "gcc" : "g++";
  const strict = compiler === "gcc" ? ["-Werror=implicit-function-declaration"] : [];
  const { code, output } = await run(compiler, ["-fsyntax-only", "-w", ...strict, "-fdiagnostics-color=never", ...flags, unit], folder);
  if (code === 0) return undefined;
  if (code === "missing") return { kind: "impossible", reason: `there is no ${compiler}` };
  const [, file, line, message] = /^(.+?):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$/m.exec(output) ?? [];
  return { kind: "fails", file: file ?? unit, line: Number(line ?? 0), message: message ?? output.trim().split("\n")[0] ?? "" };
}

function run(program: string, args: readonly string[], folder: string): Promise<{ code: number | "missing"; output: string }> {
  const options = { cwd: folder, timeout: milliseconds, killSignal: "SIGKILL", maxBuffer: 8 * 1024 * 1024, encoding: "utf8" } as const;
  return new Promise((resolve) => {
    const child = execFile(program, args, { ...options, env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code === "ENOENT" ? "missing" : typeof error.code === "number" ? error.code : 1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
    child.stdin?.end();
  });
}
