// Starts one agent process. Enters: a runtime and limits. Leaves: a connection that answers requests, fails with a typed
// error, and takes the process, its descendants and its temporary folder away when disposed.
// The process runs code of strangers: own session, own empty folder, cleaned environment, nothing of it is trusted.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Runtime } from "../../vocabulary/index.ts";
import type { AgentCommand, AgentConnection, FieldsOf, ReplyOf } from "../agent-messages.ts";
import { findAgentFolder } from "./agent-folder.ts";
import { AgentProcess } from "./agent-process.ts";
import { childEnvironment } from "./child-environment.ts";
import { endWithUs } from "./end-with-us.ts";
import { killProcessTree } from "./kill-process-tree.ts";

export interface AgentOptions {
  readonly hashSeed?: number;
  /** Address space of the process; the agent asks for it as RLIMIT_AS. */
  readonly memoryLimitBytes?: number;
  /** Agents with consecutive numbers run on different processors, as far as there are enough. */
  readonly processor?: number;
  /** Ends the process, whatever it is doing. */
  readonly signal?: AbortSignal | undefined;
  /** Folder with the package raceproof_agent. */
  readonly agentFolder?: string;
}

const GIBIBYTE = 1024 ** 3;
const DEFAULT_MEMORY_LIMIT = 4 * GIBIBYTE;
const REQUESTS = 3;
const REPLIES = 4;

/** `-c` instead of `-m`: the agent's folder must not depend on PYTHONPATH, which stays empty. */
const BOOTSTRAP = `import sys; sys.path[0] = sys.argv.pop(1); import runpy; runpy.run_module("raceproof_agent", run_name="__main__", alter_sys=True)`;

/** The process is started at once; a runtime that cannot start shows in the first request. */
export function launchAgent(runtime: Runtime, options: AgentOptions = {}): AgentConnection {
  return new LaunchedAgent(runtime, options);
}

/** Agents of one of several workers: each worker has a processor, where there are enough. Two runs at once begin at different ones. */
export function launchAgentOf(worker: number, signal?: AbortSignal): typeof launchAgent {
  return (runtime, options) => launchAgent(runtime, { ...options, processor: process.pid + worker, signal });
}

class LaunchedAgent implements AgentConnection {
  readonly #folder: string;
  readonly #marker = randomUUID();
  readonly #child: ChildProcess;
  readonly #process: AgentProcess;
  readonly #forget: () => void;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#process.stop();
  #disposal: Promise<void> | undefined;

  constructor(runtime: Runtime, options: AgentOptions) {
    const { hashSeed = 0, memoryLimitBytes = DEFAULT_MEMORY_LIMIT, processor, agentFolder = findAgentFolder() } = options;
    this.#folder = mkdtempSync(join(tmpdir(), "raceproof-agent-"));
    const work = join(this.#folder, "work");
    mkdirSync(work);
    const progressFile = join(this.#folder, "progress");
    const limits = ["--requests-fd", `${REQUESTS}`, "--replies-fd", `${REPLIES}`, "--progress-file", progressFile, "--memory-limit", `${memoryLimitBytes}`];
    if (processor !== undefined) limits.push("--processor", `${processor}`);
    this.#child = spawn(runtime.executable, ["-s", "-B", "-X", "faulthandler", "-c", BOOTSTRAP, agentFolder, ...limits], {
      cwd: work,
      detached: true,
      env: childEnvironment({ work, hashSeed, marker: this.#marker }),
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
    });
    this.#process = new AgentProcess(this.#child, {
      kill: () => killProcessTree(this.#child.pid, this.#marker),
      readProgress: () => readProgress(progressFile),
    });
    this.#forget = endWithUs(() => {
      this.#end();
      this.#removeFolder();
    });
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort);
    if (this.#signal?.aborted === true) this.#onAbort();
  }

  request<C extends AgentCommand>(command: C, fields: FieldsOf<C>, timeoutSeconds: number): Promise<ReplyOf<C>> {
    return this.#process.request(command, fields, timeoutSeconds) as Promise<ReplyOf<C>>;
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#disposeOnce();
    return this.#disposal;
  }

  async #disposeOnce(): Promise<void> {
    this.#end();
    await this.#process.ended;
    this.#end();
    this.#forget();
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#removeFolder();
  }

  #end(): void {
    killProcessTree(this.#child.pid, this.#marker);
  }

  #removeFolder(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Index of the schedule that was running: 8 bytes, little endian; undefined when none had begun. */
function readProgress(file: string): number | undefined {
  const bytes = Buffer.alloc(8);
  try {
    const descriptor = openSync(file, "r");
    try {
      if (readSync(descriptor, bytes, 0, 8, 0) < 8) return undefined;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return undefined;
  }
  const index = bytes.readBigUInt64LE();
  return index > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(index);
}
