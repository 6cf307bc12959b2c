// Every CPython on this machine judges the parser over its own standard library and tests.
// A deterministic sample by default; everything with RACEPROOF_ORACLE=full.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareWithCPython } from "./oracle-comparison.ts";
import { discoverOracleInterpreters, type OracleInterpreter } from "./oracle-interpreters.ts";

const isFull = process.env["RACEPROOF_ORACLE"] === "full";
/** Bytes of source per interpreter in the default run. */
const sampleBytes = 4_000_000;
const interpreters = await discoverOracleInterpreters();

/** Installed packages are not the interpreter's own. */
const skippedFolders: ReadonlySet<string> = new Set(["site-packages", "dist-packages", "__pycache__"]);

function pythonFilesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : pythonFilesBelow(path);
    return entry.isFile() && entry.name.endsWith(".py") ? [path] : [];
  });
}

/** Every k-th file, so that about `sampleBytes` remain; each interpreter begins at another file. */
function sampleOf(files: readonly string[], offset: number): readonly string[] {
  const total = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const step = Math.max(1, Math.ceil(total / sampleBytes));
  return files.filter((_, index) => index % step === offset % step);
}

describe("the parser and CPython's ast", () => {
  it("meet on at least one interpreter", () => {
    expect(interpreters.length).toBeGreaterThan(0);
  });

  it.each(interpreters.map((interpreter, index): [string, OracleInterpreter, number] => [interpreter.id, interpreter, index]))(
    "agree on every node with CPython %s",
    async (id, interpreter, index) => {
      const all = pythonFilesBelow(interpreter.library).toSorted();
      const report = await compareWithCPython(interpreter, isFull ? all : sampleOf(all, index));
      if (isFull) console.log(id, { ...report, differences: report.differences.length });
      expect(report.differences).toEqual([]);
      expect(report.rejectedWithoutProblem).toEqual([]);
      expect(report.nodes).toBeGreaterThan(10_000);
    },
    isFull ? 30 * 60_000 : 5 * 60_000,
  );
});
