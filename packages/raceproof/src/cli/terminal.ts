// Where text goes: results to standard output or a file, progress and warnings to standard error.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../vocabulary/index.ts";

export interface Progress {
  /** Tells what is being done; overwrites itself on a terminal, prints plain lines elsewhere. */
  say(message: string): void;
  /** Removes the last self-overwriting line. */
  end(): void;
}

export function createProgress(quiet: boolean): Progress {
  const stream = process.stderr;
  if (quiet) return { say: () => undefined, end: () => undefined };
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
    await new Promise<void>((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
    return;
  }
  await writeText(file, text);
}

export async function writeText(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}`, "Choose another place with --output or free the disk.");
  }
}
