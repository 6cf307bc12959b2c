// Where text goes: results to standard output or a file, progress and warnings to standard error.
import { access, constants, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UserError } from "../vocabulary/index.ts";

export interface Progress {
  /** Tells what is being done; overwrites itself on a terminal; elsewhere it prints plain lines, if they are wanted. */
  say(message: string): void;
  /** Removes the last self-overwriting line. */
  end(): void;
}

export function createProgress({
  quiet = false,
  progress = false,
}: {
  readonly quiet?: boolean | undefined;
  readonly progress?: boolean | undefined;
}): Progress {
  const stream = process.stderr;
  if (quiet || (!stream.isTTY && !progress)) return { say: () => undefined, end: () => undefined };
  if (!stream.isTTY) return { say: (message) => void stream.write(`${message}\n`), end: () => undefined };
  const started = performance.now();
  return {
    say: (message) => {
      const seconds = Math.round((performance.now() - started) / 1000);
      const line = `${seconds}s  ${message}`.slice(0, Math.max(20, (stream.columns ?? 80) - 1));
      stream.write(`\r\u001B[K${line}`);
    },
    end: () => void stream.write("\r\u001B[K"),
  };
}

export function terminalWidth(): number {
  return process.stdout.columns ?? 100;
}

export function wantsColor(): boolean {
  if (process.env["NO_COLOR"]) return false;
  return process.stdout.isTTY === true || process.env["FORCE_COLOR"] !== undefined;
}

/** Standard output when no file is named. @throws UserError when the file cannot be written */
export async function deliver(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    await new Promise<void>((done, fail) => process.stdout.write(text, (error) => (error ? fail(error) : done())));
    return;
  }
  await writeText(file, text);
}

export async function writeText(file: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(resolve(file)));
    await writeFile(file, text);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** Finds out before the work whether a file can be written after it. @throws UserError */
export async function prepareOutput(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  try {
    const path = resolve(file);
    await makeFolder(dirname(path));
    const status = await stat(path).catch(() => undefined);
    if (status?.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    await access(status ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** One folder after the other: Node's own recursive mkdir can spin for ever where a file system makes no folders. */
async function makeFolder(folder: string): Promise<void> {
  const status = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (status?.isDirectory()) return;
  if (status) throw Object.assign(new Error("no folder"), { code: "ENOTDIR" });
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

function cannotWrite(file: string, error: unknown): UserError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return new UserError(`cannot write ${file}: ${code}`, "Choose another place with --output or free the disk.");
}
