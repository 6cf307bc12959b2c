// One set-up at a time, also after one was killed.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inRepository } from "./repository.mjs";
import { withSetupLock } from "./setup-lock.mjs";

let folder = "";
let lock = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "raceproof-lock-"));
  lock = join(folder, "deep", "setup.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("set-up lock", () => {
  it("is held during the work and released after it, also when it fails", async () => {
    expect(await withSetupLock(lock, () => existsSync(lock))).toBe(true);
    expect(existsSync(lock)).toBe(false);
    await expect(withSetupLock(lock, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(existsSync(lock)).toBe(false);
  });

  it("is taken over from a process that is gone", async () => {
    await withSetupLock(lock, () => undefined);
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(lock, String(gone));
    expect(await withSetupLock(lock, () => Number(readFileSync(lock, "utf8")))).toBe(process.pid);
  });

  it("keeps several processes apart", async () => {
    const log = join(folder, "log");
    writeFileSync(log, "");
    const program = `
      import { appendFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      import { withSetupLock } from ${JSON.stringify(inRepository("scripts", "setup-lock.mjs"))};
      await withSetupLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, "(");
        await sleep(50);
        appendFileSync(${JSON.stringify(log)}, ")");
      });`;
    const ended = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" });
      return new Promise((resolve) => child.once("exit", resolve));
    });
    expect(await Promise.all(ended)).toEqual([0, 0, 0, 0]);
    expect(readFileSync(log, "utf8")).toBe("()()()()");
  });
});
