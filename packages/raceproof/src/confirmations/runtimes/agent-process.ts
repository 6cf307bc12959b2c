// One running agent seen as requests and replies. Enters: a child process with its pipes. Leaves: replies, or AgentFailure.
// It does not start processes and does not know what a reply means.
import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { AgentFailure, type AgentFailureReason, type RefusalKind } from "../agent-failure.ts";
import { TextTail } from "./text-tail.ts";

export interface AgentControl {
  readonly kill: () => void;
  readonly readProgress: () => number | undefined;
}

interface PendingRequest {
  readonly id: number;
  readonly resolve: (reply: object) => void;
  readonly reject: (failure: AgentFailure) => void;
  readonly timer: NodeJS.Timeout;
}

const STDERR_BYTES = 64 * 1024;
/** Replies never exceed 4 MiB; anything much longer is not the agent speaking. */
const LONGEST_LINE = 16 * 1024 * 1024;
/** A reply may still be in the pipe when the process has ended. */
const GRACE_MILLISECONDS = 250;

export class AgentProcess {
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #control: AgentControl;
  readonly #stderr = new TextTail(STDERR_BYTES);
  #pending: PendingRequest | undefined;
  #lastId = 0;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #failure: AgentFailureReason | undefined;

  constructor(child: ChildProcess, control: AgentControl) {
    this.#child = child;
    this.#control = control;
    this.ended = new Promise((resolve) => {
      const onExit = (code: number | null, signal: string | null): void => this.#fail({ kind: "exited", code, signal, ...this.#circumstances() });
      child.once("exit", (code, signal) => {
        resolve();
        // A descendant may hold the pipes open for ever: "close" is not waited for.
        setTimeout(() => onExit(code, signal), GRACE_MILLISECONDS).unref();
      });
      child.once("close", onExit);
      child.once("error", (error) => {
        this.#fail({ kind: "protocol", message: `it cannot be started: ${error.message}`, stderrTail: "" });
        if (child.pid === undefined) resolve();
      });
    });
    child.stderr?.on("data", (chunk: Buffer) => this.#stderr.add(chunk));
    const replies = child.stdio[4] as Readable | null;
    replies?.on("data", (chunk: Buffer) => this.#receive(chunk));
    replies?.once("end", () => this.#onRepliesEnd());
    for (const stream of [child.stderr, child.stdio[3], replies]) stream?.on("error", () => undefined);
  }

  /** One at a time: a second request before the reply is a mistake of the caller. */
  request(command: string, fields: object, timeoutSeconds: number): Promise<object> {
    if (this.#pending !== undefined) throw new Error(`request ${command} while another one is waiting`);
    if (this.#failure !== undefined) return Promise.reject(new AgentFailure(this.#failure));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp({ kind: "timeout", seconds: timeoutSeconds, ...this.#circumstances() }), timeoutSeconds * 1000);
      this.#pending = { id, resolve, reject, timer };
      const requests = this.#child.stdio[3] as Writable | null;
      requests?.write(`${JSON.stringify({ id, command, ...fields })}\n`);
    });
  }

  /** Ends the process; whoever waits for a reply is told. */
  stop(): void {
    this.#giveUp({ kind: "stopped" });
  }

  #circumstances(): { stderrTail: string; progress: number | undefined } {
    return { stderrTail: this.#stderr.text(), progress: this.#control.readProgress() };
  }

  #receive(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = Buffer.concat([...this.#unread, rest.subarray(0, end)]);
      this.#unread = [];
      this.#unreadBytes = 0;
      rest = rest.subarray(end + 1);
      this.#onLine(line.toString("utf8"));
    }
    this.#unread.push(rest);
    this.#unreadBytes += rest.length;
    if (this.#unreadBytes > LONGEST_LINE) this.#break("a line without end");
  }

  #onLine(line: string): void {
    if (this.#failure !== undefined) return;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      this.#break("not JSON");
      return;
    }
    const pending = this.#pending;
    if (typeof message !== "object" || message === null || pending === undefined) return this.#break("nobody asked for it");
    const reply = message as { id?: unknown; ok?: unknown; error?: unknown };
    if (reply.id !== pending.id || typeof reply.ok !== "boolean") return this.#break("it answers another request");
    this.#pending = undefined;
    clearTimeout(pending.timer);
    if (reply.ok) pending.resolve(message);
    else pending.reject(new AgentFailure(readRefusal(reply.error)));
  }

  #onRepliesEnd(): void {
    setTimeout(() => this.#break("it closed its side of the connection"), 4 * GRACE_MILLISECONDS).unref();
  }

  #break(message: string): void {
    this.#giveUp({ kind: "protocol", message, stderrTail: this.#stderr.text() });
  }

  #giveUp(reason: AgentFailureReason): void {
    if (this.#failure !== undefined) return;
    this.#control.kill();
    this.#fail(reason);
  }

  #fail(reason: AgentFailureReason): void {
    this.#failure ??= reason;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    pending.reject(new AgentFailure(this.#failure));
  }
}

const refusalKinds: readonly RefusalKind[] = ["usage", "import", "driver", "setup", "internal"];

function readRefusal(error: unknown): AgentFailureReason {
  const { kind, message, traceback } = (error ?? {}) as { kind?: unknown; message?: unknown; traceback?: unknown };
  const because = refusalKinds.find((known) => known === kind) ?? "internal";
  return { kind: "refused", because, message: typeof message === "string" ? message : "no reason given", traceback: [traceback ?? []].flat().join("\n") };
}
