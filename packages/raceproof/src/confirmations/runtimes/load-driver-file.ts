// Reads a hand-written driver. Enters: a path. Leaves: its text, or a UserError that says what is wrong and where.
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { type DriverText, UserError } from "../../vocabulary/index.ts";
import { findDriverProblem } from "../drivers/driver-format.ts";

const MOST_BYTES = 1024 * 1024;
const ADVICE = "A driver defines setup() and at least two functions operation_a(state), operation_b(state); see protocol/README.md.";

export async function loadDriverFile(path: string): Promise<DriverText> {
  const source = await readDriver(path);
  const problem = findDriverProblem(source);
  if (problem !== undefined) throw new UserError(`${path}${problem.line === undefined ? "" : `:${problem.line}`}: ${problem.message}`, ADVICE);
  return { name: basename(path), source };
}

async function readDriver(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    if ((await stat(path)).size > MOST_BYTES) throw new UserError(`${path}: larger than ${MOST_BYTES / 1024} KiB`, ADVICE);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${path}: ${code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "this is a folder" : `cannot be read (${code ?? String(error)})`}`,
      "Give the path of a driver file.",
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${path}: not UTF-8 text`, ADVICE);
  }
}
