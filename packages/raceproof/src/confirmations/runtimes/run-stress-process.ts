// Runs one repeat of a stress test. Enters: a runtime and a request. Leaves: the reply, or how the process ended, with all of stderr.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Runtime } from "../../vocabulary/index.ts";
import type { StressEnd, StressReply, StressRequest } from "../stress/stress-messages.ts";
import { runDisposableProcess } from "./run-disposable-process.ts";

export interface StressCircumstances {
  readonly hashSeed: number;
  /** Where the interpreter keeps compiled files: the next process imports faster. */
  readonly bytecodeFolder: string;
  /** Switches the GIL of a free-threaded build on (PYTHON_GIL, docs.python.org/3/using/cmdline.html). */
  readonly forceGil: boolean;
  /** Ends the process when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** What a sanitizer wants to find in its environment; address space is not limited then. */
  readonly sanitizer?: Readonly<Record<string, string>> | undefined;
  /** A program and its parameters that start the interpreter. */
  readonly under?: readonly string[] | undefined;
}

/** An extension that does not declare itself fit for it would switch the GIL on when it is imported, and what waits behind that would never show. */
export function gilOff({ freeThreaded }: Runtime): Readonly<Record<string, string>> {
  return freeThreaded ? { PYTHON_GIL: "0" } : {};
}

/** What a sanitizer says first of a crash. Where memory is corrupted so far that its own handler fails, it is all it ever says. */
const DEADLY = "Sanitizer:DEADLYSIGNAL";

/** It crashed, and nothing says where. */
export function isWrecked({ isKilled, stderr }: StressEnd): boolean {
  return isKilled && stderr.includes(DEADLY) && !/ERROR: \w+Sanitizer/.test(stderr);
}

const MEMORY_LIMIT = 8 * 1024 ** 3;

/** Gives the work a folder for compiled files, and takes it away afterwards. */
export async function withBytecodeFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "raceproof-bytecode-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export async function runStressProcess(runtime: Runtime, request: StressRequest, circumstances: StressCircumstances): Promise<StressEnd> {
  const { hashSeed, forceGil, bytecodeFolder, signal, sanitizer, under = [] } = circumstances;
  const { replies, ...end } = await runDisposableProcess(runtime, {
    module: "raceproof_agent.stress",
    request,
    killAfter: request.killAfter,
    hashSeed,
    // An empty value is none.
    environment: { PYTHONDONTWRITEBYTECODE: "", PYTHONPYCACHEPREFIX: bytecodeFolder, ...(forceGil ? { PYTHON_GIL: "1" } : {}), ...sanitizer },
    memoryLimit: sanitizer === undefined ? MEMORY_LIMIT : undefined,
    lastWords: DEADLY,
    under,
    signal,
  });
  const lines = replies.split("\n").map(readLine);
  return { ...end, reply: lines.findLast((line) => line !== undefined && "ok" in line), hasBegun: lines.some((line) => line !== undefined && "begun" in line) };
}

function readLine(text: string): StressReply | { readonly begun: true } | undefined {
  try {
    return JSON.parse(text) as StressReply | { readonly begun: true };
  } catch {
    return undefined;
  }
}
