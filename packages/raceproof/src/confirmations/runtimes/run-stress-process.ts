// Runs one repeat of a stress test. Enters: a runtime and a request. Leaves: the reply, or how the process ended, with all of stderr.
// The process runs code of strangers that is meant to crash: own session, own empty folder, cleaned environment, no core dumps, a limit.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Runtime } from "../../vocabulary/index.ts";
import type { StressEnd, StressReply, StressRequest } from "../stress/stress-messages.ts";
import { findAgentFolder } from "./agent-folder.ts";
import { childEnvironment } from "./child-environment.ts";
import { endWithUs } from "./end-with-us.ts";
import { killProcessTree } from "./kill-process-tree.ts";
import { TextTail } from "./text-tail.ts";

export interface StressCircumstances {
  readonly hashSeed: number;
  /** Where the interpreter keeps compiled files: the next process imports faster. */
  readonly bytecodeFolder: string;
  /** Switches the GIL of a free-threaded build on (PYTHON_GIL, docs.python.org/3/using/cmdline.html). */
  readonly forceGil: boolean;
  /** Ends the process when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

const BOOTSTRAP = `import sys; sys.path[0] = sys.argv.pop(1); import runpy; runpy.run_module("raceproof_agent.stress", run_name="__main__", alter_sys=True)`;
const REQUESTS = 3;
const REPLIES = 4;
const MEMORY_LIMIT = 8 * 1024 ** 3;
/** Stacks of many threads are long, and the one that crashed may stand anywhere in them. */
const STDERR_BYTES = 4 * 1024 * 1024;

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
  const { hashSeed, forceGil, bytecodeFolder } = circumstances;
  const work = mkdtempSync(join(tmpdir(), "raceproof-stress-"));
  const marker = randomUUID();
  const limits = ["--requests-fd", `${REQUESTS}`, "--replies-fd", `${REPLIES}`, "--memory-limit", `${MEMORY_LIMIT}`];
  const { PYTHONDONTWRITEBYTECODE: _, ...environment } = childEnvironment({ work, hashSeed, marker });
  const child = spawn(runtime.executable, ["-s", "-X", "faulthandler", "-c", BOOTSTRAP, findAgentFolder(), ...limits], {
    cwd: work,
    detached: true,
    env: { ...environment, PYTHONPYCACHEPREFIX: bytecodeFolder, ...(forceGil ? { PYTHON_GIL: "1" } : {}) },
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  const end = (): void => void killProcessTree(child.pid, marker);
  const forget = endWithUs(() => {
    end();
    rmSync(work, { recursive: true, force: true });
  });
  circumstances.signal?.addEventListener("abort", end);
  let isKilled = false;
  const timer = setTimeout(() => {
    isKilled = true;
    end();
  }, request.killAfter * 1000);
  const stderr = new TextTail(STDERR_BYTES);
  const replies: Buffer[] = [];
  child.stderr?.on("data", (chunk: Buffer) => stderr.add(chunk));
  (child.stdio[REPLIES] as Readable | null)?.on("data", (chunk: Buffer) => replies.push(chunk));
  for (const stream of [child.stderr, child.stdio[REQUESTS], child.stdio[REPLIES]]) stream?.on("error", () => undefined);
  (child.stdio[REQUESTS] as Writable | null)?.end(`${JSON.stringify(request)}\n`);
  const [code, signal] = await new Promise<readonly [number | null, string | null]>((resolve) => {
    child.once("error", (error) => {
      stderr.add(Buffer.from(error.message));
      resolve([null, null]);
    });
    child.once("exit", (...ending) => {
      // Descendants may hold the pipes open: they go first, and "close" is not waited for long.
      end();
      child.once("close", () => resolve(ending));
      setTimeout(() => resolve(ending), 1000).unref();
    });
  });
  clearTimeout(timer);
  circumstances.signal?.removeEventListener("abort", end);
  forget();
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  return { reply: readReply(Buffer.concat(replies).toString("utf8")), code, signal: signal ?? signalOf(code), isKilled, stderr: stderr.text() };
}

function readReply(text: string): StressReply | undefined {
  try {
    return JSON.parse(text) as StressReply;
  } catch {
    return undefined;
  }
}

/** A shell or wrapper between us and the interpreter reports a signal as 128 + its number. */
function signalOf(code: number | null): string | null {
  if (code === null || code <= 128) return null;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
}
