// Runs one command of the set-up: one line on stderr when it starts, its whole output only when it fails.
// It does not decide what a failure means; the caller does.
import { spawnSync } from "node:child_process";
import { root } from "./repository.mjs";

/**
 * @param {{label?: string, command: string, arguments: string[], shell?: boolean, cwd?: string, seconds?: number, environment?: object}} step
 * @returns {{ok: boolean, log: string}} `log` holds stdout and stderr; a signal or a missing command is told in it too.
 */
export function runQuietly(step) {
  if (step.label) process.stderr.write(`raceproof: ${step.label}\n`);
  const done = spawnSync(step.command, step.arguments, {
    cwd: step.cwd ?? root,
    encoding: "utf8",
    env: { ...process.env, ...step.environment },
    maxBuffer: 256 * 1024 * 1024,
    shell: step.shell ?? false,
    stdio: ["ignore", "pipe", "pipe"],
    ...(step.seconds ? { timeout: step.seconds * 1000 } : {}),
  });
  const ending = done.error ? `${done.error.message}\n` : done.signal ? `ended by ${done.signal}\n` : "";
  return { ok: done.status === 0, log: `${done.stdout ?? ""}${done.stderr ?? ""}${ending}` };
}
