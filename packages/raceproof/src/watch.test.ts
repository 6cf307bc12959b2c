// A folder that is worked on: after each step the hazards are those of an audit from scratch, and the round says what became of them.
import { mkdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { noSettings } from "./config/index.ts";
import { FolderWatch } from "./sources/index.ts";
import { scratchFolder, writeFiles } from "./sources/testing/scratch.ts";
import { audited } from "./subject-audit.ts";
import type { AuditRequest } from "./subject-audit.ts";
import type { WatchRound } from "./vocabulary/index.ts";
import { checkWatchable, WatchedSubject } from "./watch.ts";

const counter = (name: string): string => `class ${name}:\n    total = 0\n\n    def add(self):\n        self.total += 1\n`;
const guarded = (name: string): string =>
  `import threading\n\nclass ${name}:\n    total = 0\n    lock = threading.Lock()\n\n    def add(self):\n        with self.lock:\n            self.total += 1\n`;

let folder = "";
let request: AuditRequest;
let watched: WatchedSubject;

beforeEach(() => {
  folder = join(scratchFolder(), "subject");
  mkdirSync(folder);
  request = {
    specification: folder,
    cwd: folder,
    includeTests: false,
    rules: undefined,
    minimumConfidence: "low",
    cacheFolder: scratchFolder(),
    settings: noSettings,
    onProgress: () => undefined,
  };
  const folders = new FolderWatch(() => undefined);
  watched = new WatchedSubject(folders);
  onTestFinished(() => folders.close());
});

interface Step {
  readonly changed: readonly string[];
  readonly fixed: readonly string[];
  readonly added: readonly string[];
  readonly remaining: number;
}

/** One look; it found what a fresh process with an empty cache finds. */
async function step(): Promise<Step> {
  const { report, round } = await watched.look(request);
  const scratch = await audited({ ...request, cacheFolder: scratchFolder() });
  expect(JSON.stringify(report.findings.map(({ hazard }) => hazard))).toBe(JSON.stringify(scratch.shown));
  expect(report.coverage).toEqual(scratch.audit.coverage);
  return stepOf(round);
}

function stepOf(round: WatchRound): Step {
  const names = (hazards: readonly { readonly function: string }[]): string[] => hazards.map((hazard) => hazard.function).toSorted();
  return { changed: round.changed.toSorted(), fixed: names(round.fixed), added: names(round.added), remaining: round.remaining };
}

describe("a watched subject", () => {
  it("says what an edit, a deletion, a renaming and a new folder did", async () => {
    writeFiles(folder, { "a.py": counter("A"), "b.py": counter("B") });
    expect(await step()).toEqual({ changed: ["a.py", "b.py"], fixed: [], added: [], remaining: 2 });
    writeFiles(folder, { "a.py": guarded("A") });
    expect(await step()).toEqual({ changed: ["a.py"], fixed: ["A.add"], added: [], remaining: 1 });
    renameSync(join(folder, "b.py"), join(folder, "c.py"));
    expect(await step()).toEqual({ changed: ["b.py", "c.py"], fixed: [], added: [], remaining: 1 });
    rmSync(join(folder, "c.py"));
    expect(await step()).toEqual({ changed: ["c.py"], fixed: ["B.add"], added: [], remaining: 0 });
    writeFiles(folder, { "sub/d.py": counter("D") });
    expect(await step()).toEqual({ changed: ["sub/d.py"], fixed: [], added: ["D.add"], remaining: 0 });
    utimesSync(join(folder, "a.py"), 1, 1);
    expect(await step()).toEqual({ changed: [], fixed: [], added: [], remaining: 1 });
  });

  it("leaves each result for other processes to find", async () => {
    writeFiles(folder, { "a.py": counter("A") });
    await watched.look(request);
    writeFiles(folder, { "a.py": guarded("A") });
    const { report } = await watched.look(request);
    const works: unknown[] = [];
    const beside = await audited({ ...request, afterwards: (work) => works.push(work) });
    expect([works, beside.shown]).toEqual([[], report.findings.map(({ hazard }) => hazard)]);
  });

  it("takes a file that does not parse as it was, until it parses again", async () => {
    writeFiles(folder, { "a.py": counter("A"), "old.py": "print 'Python 2'\n" });
    await step();
    writeFiles(folder, { "a.py": `${counter("A")}    def more(self:\n` });
    const { round } = await watched.look(request);
    expect(stepOf(round)).toEqual({ changed: [], fixed: [], added: [], remaining: 1 });
    expect(round.waiting).toMatchObject([{ file: "a.py", line: 7 }]);
    writeFiles(folder, { "a.py": guarded("A"), "old.py": "print 'still Python 2'\n" });
    expect(await step()).toEqual({ changed: ["a.py", "old.py"], fixed: ["A.add"], added: [], remaining: 0 });
  });

  it("follows many files that change at once, there and back", async () => {
    const all = (text: (name: string) => string): Record<string, string> =>
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`p${index % 3}/m${index}.py`, text(`K${index}`)]));
    writeFiles(folder, all(counter));
    expect(await step()).toMatchObject({ remaining: 30 });
    writeFiles(folder, all(guarded));
    const fixed = await step();
    expect([fixed.changed.length, fixed.fixed.length, fixed.remaining]).toEqual([30, 30, 0]);
    writeFiles(folder, all(counter));
    const back = await step();
    expect([back.added.length, back.remaining]).toEqual([30, 0]);
  });

  it("is a folder or a file, and survives being empty for a while", async () => {
    expect(() => checkWatchable({ specification: "six==1.16.0", cwd: folder })).toThrow("no folder and no .py file");
    writeFiles(folder, { "a.py": counter("A") });
    await step();
    rmSync(join(folder, "a.py"));
    await expect(watched.look(request)).rejects.toThrow("no files in Python");
    writeFiles(folder, { "a.py": guarded("A") });
    expect(await step()).toEqual({ changed: ["a.py"], fixed: ["A.add"], added: [], remaining: 0 });
    rmSync(folder, { recursive: true });
    // Its name is that of a release now.
    await expect(watched.look({ ...request, specification: "subject", cwd: join(folder, "..") })).rejects.toThrow("no folder and no .py file");
  });
});

describe("watched folders", () => {
  it("tell of changes in them and in none that are no longer covered", async () => {
    const here = writeFiles(folder, { "a.py": "1", "sub/b.py": "1" });
    const folders = new FolderWatch((_, reason) => expect(reason).toBe(""));
    onTestFinished(() => folders.close());
    expect(folders.cover(new Set([here, join(here, "sub")]))).toBe(true);
    expect(folders.cover(new Set([here]))).toBe(false);
    expect(folders.cover(new Set([here, join(here, "nowhere")]))).toBe(false);
    const changes: string[] = [];
    const told = folders.changed().then(() => changes.push("told"));
    writeFiles(here, { "run.log": "1", "sub/b.py": "2" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    changes.push("written");
    writeFiles(here, { "a.py": "2" });
    await told;
    expect(changes).toEqual(["written", "told"]);
    writeFiles(here, { "c.py": "1" });
    await folders.changed();
  });
});
