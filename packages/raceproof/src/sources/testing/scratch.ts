// Enters: nothing, or files to write. Leaves: folders that disappear after the test, and an environment that knows no one's settings.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder for the running test. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "raceproof-sources-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by relative path and returns the folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Variables for a machine without pip or git settings; PATH stays, so that git is found. */
export function bareEnvironment(home: string, extra: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  return {
    PATH: process.env["PATH"],
    HOME: home,
    XDG_CONFIG_DIRS: join(home, "no-such"),
    PIP_CONFIG_FILE: "/dev/null",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    ...extra,
  };
}
