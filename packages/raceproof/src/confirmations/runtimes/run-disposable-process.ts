// Runs one module of the agent in a process of its own. Enters: a runtime, a module, a request, circumstances. Leaves: everything it replied and
// how it ended. The process runs code of strangers that is meant to crash: own session, own empty folder, cleaned environment, no core dumps, a limit.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Runtime } from "../../vocabulary/index.ts";
import { findAgentFolder } from "./agent-folder.ts";
import { childEnvironment } from "./child-environment.ts";
import { endWithUs } from "./end-with-us.ts";
import { killProcessTree } from "./kill-process-tree.ts";
import { TextTail } from "./text-tail.ts";

export interface DisposableProcess {
  /** "raceproof_agent.stress": reads one request from its descriptor, answers in lines. */
  readonly module: string;
  readonly request: unknown;
  /** Seconds after which it is killed. */
  readonly killAfter: number;
  readonly hashSeed: number;
  /** Set on top of the cleaned environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Bytes of address space; undefined: no limit, for sanitizers, which reserve more than there is. */
  readonly memoryLimit: number | undefined;
  /** A program and its parameters that start the interpreter: a debugger. */
  readonly under?: readonly string[];
  /** Text on stderr after which nothing but a report is to come: what is still there a little later is ended. */
  readonly lastWords?: string;
  /** Ends the process when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** How a process ended. */
export interface ProcessEnd {
  /** Everything it wrote as replies. */
  readonly replies: string;
  readonly code: number | null;
  readonly signal: string | null;
  readonly isKilled: boolean;
  readonly stderr: string;
}

/** For a report with the stacks of several threads, on a machine with other work. */
const REPORT_SECONDS = 5;
const REQUESTS = 3;
const REPLIES = 4;
/** Stacks of many threads are long, and the one that crashed may stand anywhere in them. */
const STDERR_BYTES = 4 * 1024 * 1024;
const BOOTSTRAP = `import sys; sys.path[0] = sys.argv.pop(1); import runpy; runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)`;

/** Never rejects for what the process does. */
export async function runDisposableProcess(runtime: Runtime, task: DisposableProcess): Promise<ProcessEnd> {
  const work = mkdtempSync(join(tmpdir(), "raceproof-process-"));
  const marker = randomUUID();
  const [program = runtime.executable, ...before] = [...(task.under ?? []), runtime.executable];
  const child = spawn(program, [...before, "-s", "-X", "faulthandler", "-c", BOOTSTRAP, findAgentFolder(), task.module, ...optionsOf(task)], {
    cwd: work,
    detached: true,
    env: { ...childEnvironment({ work, hashSeed: task.hashSeed, marker }), ...task.environment },
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  const end = (): void => void killProcessTree(child.pid, marker);
  const forget = endWithUs(() => {
    end();
    rmSync(work, { recursive: true, force: true });
  });
  task.signal?.addEventListener("abort", end);
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    end();
  };
  const timers = [setTimeout(kill, task.killAfter * 1000)];
  const stderr = new TextTail(STDERR_BYTES);
  const replies: Buffer[] = [];
  const isLast = (chunk: Buffer): boolean => task.lastWords !== undefined && chunk.includes(task.lastWords);
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr.add(chunk);
    if (isLast(chunk)) timers.push(setTimeout(kill, REPORT_SECONDS * 1000));
  });
  (child.stdio[REPLIES] as Readable | null)?.on("data", (chunk: Buffer) => replies.push(chunk));
  for (const stream of [child.stderr, child.stdio[REQUESTS], child.stdio[REPLIES]]) stream?.on("error", () => undefined);
  (child.stdio[REQUESTS] as Writable | null)?.end(`${JSON.stringify(task.request)}\n`);
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
  for (const timer of timers) clearTimeout(timer);
  task.signal?.removeEventListener("abort", end);
  forget();
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  return { replies: Buffer.concat(replies).toString("utf8"), code, signal: signal ?? signalOf(code), isKilled, stderr: stderr.text() };
}

function optionsOf({ memoryLimit }: DisposableProcess): string[] {
  return ["--requests-fd", `${REQUESTS}`, "--replies-fd", `${REPLIES}`, ...(memoryLimit === undefined ? [] : ["--memory-limit", `${memoryLimit}`])];
}

/** A shell or wrapper between us and the interpreter reports a signal as 128 + its number. */
function signalOf(code: number | null): string | null {
  if (code === null || code <= 128) return null;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
}
