// Enters: git's arguments. Leaves: its output. The only place that starts a process in this room.
// git never asks, never runs hooks, filters or external transports, and never touches submodules here.
import { spawn, type ChildProcess } from "node:child_process";
import { PassThrough, type Readable } from "node:stream";
import { UserError } from "../vocabulary/index.ts";
import { redactCredentials } from "./redact-credentials.ts";

/** git ended with an error; `message` is what it wrote, without credentials. */
export class GitFailure extends Error {
  override readonly name: string = "GitFailure";
}

export interface GitOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Repository or folder to work in. */
  readonly folder?: string;
}

// /dev/null is understood by git on every system.
const SAFE_SETTINGS: readonly string[] = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "protocol.ext.allow=never",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "advice.detachedHead=false",
];
const LONGEST_OUTPUT_BYTES = 64 * 1024 * 1024;
const LONGEST_COMPLAINT_BYTES = 64 * 1024;

/** Runs git and returns what it prints. @throws GitFailure; UserError when git is not installed. */
export async function readGit(args: readonly string[], options: GitOptions): Promise<string> {
  return streamGit(args, options, async (output) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of output as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > LONGEST_OUTPUT_BYTES) throw new GitFailure(`git ${args[0]} prints without end`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  });
}

/** Runs git and hands its output to `receive` while it runs. A failure of `receive` ends git. */
export async function streamGit<T>(args: readonly string[], options: GitOptions, receive: (output: Readable) => Promise<T>): Promise<T> {
  const settings = SAFE_SETTINGS.flatMap((setting) => ["-c", setting]);
  const place = options.folder === undefined ? [] : ["-C", options.folder];
  const child = spawn("git", [...place, ...settings, ...args], { env: quietEnvironment(options.environment), stdio: ["ignore", "pipe", "pipe"] });
  const ended = endOf(child);
  // Looked at below, in order; without a handler a failed start would end the program first.
  ended.catch(() => undefined);
  // Kept in a stream of our own: Node discards what nobody has begun to read when a child exits.
  const output = child.stdout.pipe(new PassThrough());
  try {
    const result = await receive(output);
    await ended;
    return result;
  } catch (error) {
    // When git stopped early, its own complaint explains more than what the receiver made of half an output.
    if (output.readableEnded) await ended;
    child.stdout.destroy();
    child.kill();
    throw error;
  }
}

function quietEnvironment(environment: GitOptions["environment"]): NodeJS.ProcessEnv {
  const inherited = Object.entries(environment).filter(
    ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE|COMMON_DIR|NAMESPACE)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    GIT_TERMINAL_PROMPT: "0",
    GIT_ATTR_NOSYSTEM: "1",
    // A program that answers nothing: ssh and git then fail instead of waiting for a person.
    GIT_ASKPASS: "true",
    SSH_ASKPASS: "true",
    SSH_ASKPASS_REQUIRE: "force",
    GCM_INTERACTIVE: "never",
    GIT_HTTP_LOW_SPEED_LIMIT: "1",
    GIT_HTTP_LOW_SPEED_TIME: "60",
    LC_ALL: "C",
  };
}

function endOf(child: ChildProcess): Promise<void> {
  let complaint = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (text: string) => {
    if (complaint.length < LONGEST_COMPLAINT_BYTES) complaint += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new UserError("git was not found", "Install git, or name a folder or a released version instead.") : error);
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new GitFailure(redactCredentials(complaint.trim() || `git ended with ${signal ?? `status ${code}`}`)));
    });
  });
}
