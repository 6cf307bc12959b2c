// Runs a parallel guard as pytest would, but for pytest. Enters: its text, an interpreter, folders for sys.path. Leaves: what it saw.
// The plugin starts and ends the processes of the subject; this process only waits for it.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Runtime } from "../../vocabulary/index.ts";
import { UserError } from "../../vocabulary/index.ts";
import { findAgentFolder, findPluginFolder } from "./agent-folder.ts";
import { childEnvironment } from "./child-environment.ts";
import { endWithUs } from "./end-with-us.ts";
import { killProcessTree } from "./kill-process-tree.ts";

export interface Sighting {
  readonly kind: "fails" | "not-seen" | "unsuited" | "inconclusive";
  readonly reason: string;
}

/** @throws UserError when the guard could not be run at all */
export async function runGuardFile(runtime: Runtime, text: string, paths: readonly string[]): Promise<Sighting> {
  const work = await mkdtemp(join(tmpdir(), "raceproof-guard-"));
  const marker = randomUUID();
  const end = (): void => void killProcessTree(undefined, marker);
  const forget = endWithUs(end);
  try {
    const file = join(work, "test_guard.py");
    await writeFile(file, text);
    const path = [...paths, findAgentFolder(), findPluginFolder()].join(delimiter);
    const env = { ...childEnvironment({ work, hashSeed: 0, marker }), PYTHONPATH: path };
    const { stdout, stderr } = await run(runtime.executable, ["-s", "-m", "pytest_raceproof", file], env);
    if (stdout.startsWith("{")) return JSON.parse(stdout) as Sighting;
    throw new UserError(`the guard could not be run on ${runtime.id}: ${stderr.trim().split("\n").at(-1) ?? ""}`, "Name another interpreter with --python.");
  } finally {
    end();
    forget();
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(program: string, parameters: readonly string[], env: Record<string, string>): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, parameters, { env, encoding: "utf8" }, (_, stdout, stderr) => resolve({ stdout, stderr }));
    child.stdin?.end();
  });
}
