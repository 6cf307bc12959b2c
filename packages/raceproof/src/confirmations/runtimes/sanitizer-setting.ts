// What a process needs in which an extension built with AddressSanitizer runs. Enters: the interpreter. Leaves: environment and a library to load,
// or why it cannot be had here. Builds one small library of our own, once.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Runtime } from "../../vocabulary/index.ts";
import { findAgentFolder } from "./agent-folder.ts";

export interface SanitizerSetting {
  readonly environment: Readonly<Record<string, string>>;
  /** To be loaded before the subject; it gives PyMem memory to malloc. Undefined where a variable does. */
  readonly library: string | undefined;
  /** A program and its parameters that start the interpreter: without addresses at random, where the sanitizer wants that. */
  readonly under?: readonly string[];
}

/** handle_*=2: Python's own handlers must not take the place of the sanitizer's. Stacks of memory by frame pointers: the other way costs ten times the time. */
const OPTIONS =
  "detect_leaks=0:handle_segv=2:handle_sigbus=2:handle_sigfpe=2:fast_unwind_on_malloc=1:malloc_context_size=14:allocator_may_return_null=1:exitcode=99:quarantine_size_mb=64";

/** @returns undefined when the compiler has no AddressSanitizer */
export async function prepareSanitizer(runtime: Runtime, cacheFolder: string): Promise<SanitizerSetting | undefined> {
  const compiler = process.env["CC"] ?? "cc";
  const preload = (await ask(compiler, ["-print-file-name=libasan.so"])).trim();
  if (!preload.includes("/")) return undefined;
  const environment = { LD_PRELOAD: preload, ASAN_OPTIONS: OPTIONS };
  if (!runtime.freeThreaded) return { environment: { ...environment, PYTHONMALLOC: "malloc" }, library: undefined };
  const library = await buildLibrary(compiler, cacheFolder);
  return library === undefined ? undefined : { environment, library };
}

async function buildLibrary(compiler: string, cacheFolder: string): Promise<string | undefined> {
  const source = join(findAgentFolder(), "raceproof_agent", "sanitized_memory.c");
  const digest = createHash("sha256")
    .update(await readFile(source))
    .digest("hex")
    .slice(0, 16);
  const folder = join(cacheFolder, "extensions");
  const library = join(folder, `sanitized-memory-${digest}.so`);
  if (await isThere(library)) return library;
  await mkdir(folder, { recursive: true });
  const draft = `${library}.${process.pid}.draft`;
  await ask(compiler, ["-shared", "-fPIC", "-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=address", "-o", draft, source]);
  if (!(await isThere(draft))) return undefined;
  await rename(draft, library);
  await rm(draft, { force: true });
  return library;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function ask(program: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, parameters, { encoding: "utf8", timeout: 60_000 }, (_error, stdout) => resolve(stdout)).stdin?.end();
  });
}
