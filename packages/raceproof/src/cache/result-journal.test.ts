// What a run keeps is there after it was killed at any byte, and is not taken for something else.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../vocabulary/index.ts";
import { type JournalKey, openJournal, type ResultJournal } from "./result-journal.ts";

const key: JournalKey = { source: "abc", options: "2" };
let folder: string;
let file: string;
const failures: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "raceproof-journal-"));
  file = join(folder, "kept", "results.journal");
  failures.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(resume: boolean, under: JournalKey = key): ResultJournal {
  return openJournal(file, under, { resume, onFailure: (reason) => failures.push(reason) });
}

function keep(...results: readonly (readonly [string, unknown])[]): void {
  const journal = open(false);
  for (const [id, result] of results) journal.append(id, result);
  journal.close();
}

describe("the journal of results", () => {
  it("gives back the last word on everything", () => {
    keep(["a", 1], ["b", { text: "line\nbreak é \ud800" }], ["a", 2]);
    expect([...open(true).earlier]).toEqual([
      ["a", 2],
      ["b", { text: "line\nbreak é \ud800" }],
    ]);
  });

  it("loses at most the line that was being written, wherever that was cut, and goes on behind it", () => {
    keep(["a", 1], ["b", 2]);
    const whole = readFileSync(file);
    const lastLine = whole.lastIndexOf("\n", whole.length - 2) + 1;
    for (let length = lastLine; length < whole.length; length += 1) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      const journal = open(true);
      // Without its line break a line is whole.
      const isWhole = length === whole.length - 1;
      expect([...journal.earlier.keys()]).toEqual(isWhole ? ["a", "b"] : ["a"]);
      journal.append("c", 3);
      journal.close();
      const again = open(true);
      expect([again.earlier.get("a"), again.earlier.get("c"), again.damaged]).toEqual([1, 3, 0]);
    }
  });

  it("tells damage and leaves it out", () => {
    keep(["a", 1], ["b", 2], ["c", 3]);
    writeFileSync(file, readFileSync(file, "utf8").replace('"result":2', '"result":7'));
    const { earlier, damaged } = open(true);
    expect([[...earlier.keys()], damaged]).toEqual([["a", "c"], 1]);
  });

  it("refuses what is no journal, and results of something else, and says what is different", () => {
    keep(["a", 1]);
    expect(() => open(true, { ...key, options: "3" })).toThrow(/of another run: different options$/);
    expect(() => open(true, { ...key, python: "3.13" })).toThrow(UserError);
    writeFileSync(file, "not a journal\n");
    expect(() => open(true)).toThrow(/damaged, or not what/);
    expect(readFileSync(file, "utf8")).toBe("not a journal\n");
  });

  it("puts an earlier one aside when nobody wants to resume", () => {
    keep(["a", 1]);
    const kept = readFileSync(file, "utf8");
    expect([...open(false).earlier]).toEqual([]);
    expect(readFileSync(`${file}.old`, "utf8")).toBe(kept);
  });

  it("has nothing to resume without a file", () => {
    expect(open(true).earlier.size).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  it("tells once that it cannot write, and lets the run go on", () => {
    appendFileSync(join(folder, "kept"), "a file where a folder should be");
    const journal = open(false);
    journal.append("a", 1);
    journal.append("b", 2);
    journal.close();
    expect(failures).toEqual(["EEXIST"]);
  });
});
