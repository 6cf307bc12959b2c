// Every CPython on this machine judges the parser over its own standard library and tests.
// A deterministic sample by default; everything with RACEPROOF_ORACLE=full.

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compareWithCPython, type OracleReport } from "./oracle-comparison.ts";
import { damageStatements } from "./oracle-damage.ts";
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

const eachInterpreter = interpreters.map((interpreter, index): [string, OracleInterpreter, number] => [interpreter.id, interpreter, index]);
const timeout = isFull ? 30 * 60_000 : 5 * 60_000;

function show(id: string, report: OracleReport): void {
  if (isFull) console.log(id, { ...report, differences: report.differences.length, rejectedWithoutProblem: report.rejectedWithoutProblem.length });
}

describe("the parser and CPython's ast", () => {
  it("meet on at least one interpreter", () => {
    expect(interpreters.length).toBeGreaterThan(0);
  });

  it.each(eachInterpreter)(
    "agree on every node with CPython %s",
    async (id, interpreter, index) => {
      const all = pythonFilesBelow(interpreter.library).toSorted();
      const report = await compareWithCPython(interpreter, isFull ? all : sampleOf(all, index));
      show(id, report);
      expect(report.differences).toEqual([]);
      expect(report.rejectedWithoutProblem).toEqual([]);
      expect(report.nodes).toBeGreaterThan(10_000);
    },
    timeout,
  );
});

/** The parser of 3.8 (before PEP 617) accepted more than the documented grammar. */
const modernInterpreters = eachInterpreter.filter(([id]) => id !== "3.8");

describe("the parser and CPython's ast, on damaged statements", () => {
  const folder = mkdtempSync(join(tmpdir(), "raceproof-oracle-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(modernInterpreters)(
    "agree about what CPython %s accepts",
    async (id, interpreter, index) => {
      const texts = damageStatements(sampleOf(pythonFilesBelow(interpreter.library).toSorted(), index), isFull ? 20_000 : 600);
      const files = texts.map((text, number) => {
        const file = join(folder, `${id}-${number}.py`);
        writeFileSync(file, text);
        return file;
      });
      const report = await compareWithCPython(interpreter, files);
      show(`${id} damaged`, report);
      expect(report.differences).toEqual([]);
      expect(report.rejected).toBeGreaterThan(texts.length / 10);
      // Left to CPython: what escapes in strings mean; and this parser knows syntax from after an interpreter's version.
      expect(report.rejectedWithoutProblem.length).toBeLessThan(report.rejected / 100);
    },
    timeout,
  );
});
