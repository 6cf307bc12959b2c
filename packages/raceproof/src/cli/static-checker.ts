// The checker of static guards: its text, and one run of a guard made of it. Knows no shape and no rule.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { UserError } from "../vocabulary/index.ts";
import type { Runtime } from "../vocabulary/index.ts";

/** Beside the built package, or in the repository when it runs from source. */
const folders = ["../../guard/", "../../../../python/static-guard/checker/"];
/** In the order in which they stand in a guard, one text. */
const parts = ["places.py", "waivers.py", "verdict.py"];

export async function readStaticChecker(): Promise<string> {
  for (const folder of folders) {
    try {
      const texts = await Promise.all(parts.map((part) => readFile(new URL(`${folder}${part}`, import.meta.url), "utf8")));
      return texts.join("\n\n");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error("the checker of static guards is missing from the package");
}

export interface StaticGuardRun {
  readonly text: string;
  /** 0 nothing found, 1 something found. */
  readonly code: number;
}

/** The guard comes through standard input, isolated from the user's site packages; it reads files and runs nothing of them. */
export async function runStaticGuard({ executable }: Runtime, guard: string, roots: readonly string[]): Promise<StaticGuardRun> {
  const child = spawn(executable, ["-I", "-", ...roots], { stdio: ["pipe", "pipe", "pipe"] });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  child.stdin.end(guard);
  const code = await ended;
  const complaint = Buffer.concat(errors).toString("utf8").trim();
  if ((code !== 0 && code !== 1) || complaint !== "")
    throw new UserError(
      `the check did not run to its end: ${complaint.split("\n").at(-1) ?? `status ${code}`}`,
      "Check that every file can be parsed by this Python.",
    );
  return { text: Buffer.concat(output).toString("utf8"), code };
}
