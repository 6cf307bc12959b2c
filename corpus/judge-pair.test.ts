// The corpus has the promised form, and the tool that measures on it counts right: on hand-made findings and, whole, on two folders.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { inRepository } from "../scripts/repository.mjs";
import { countVerdicts, judgePair } from "./judge-pair.mjs";

const read = (name: string) => JSON.parse(readFileSync(inRepository("corpus", name), "utf8"));

const pair = { name: "pool", file: "pool/pool.py", functions: ["Pool.take"], location: "_free" };
const finding = (changes: object = {}) => ({
  rule: "python/check-then-act", confidence: "high", function: "Pool.take", location: "Pool._free", evidence: [],
  file: "src/pool/pool.py", line: 3, accesses: [{ function: "Pool.take", file: "src/pool/pool.py", line: 3 }], ...changes,
});

describe("the corpus", () => {
  const validate = new Ajv2020({ allErrors: true }).compile(read("pairs.schema.json"));

  it("has the promised form", () => {
    validate(read("pairs.json"));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("names every pair once", () => {
    const names = (read("pairs.json") as { name: string }[]).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("is refused when an entry lacks its functions or has an abbreviated commit", () => {
    const pairs = read("pairs.json");
    expect(validate([{ ...pairs[0], functions: [] }, ...pairs.slice(1)])).toBe(false);
    expect(validate([{ ...pairs[0], before: { commit: "abc1234" } }, ...pairs.slice(1)])).toBe(false);
  });
});

describe("a pair", () => {
  it("is OK when the finding goes away", () => {
    expect(judgePair(pair, [finding()], [])).toMatchObject({ verdict: "OK", onLocation: true, restInFunction: 0 });
  });

  it("is STILL when the same rule reports the same location afterwards", () => {
    expect(judgePair(pair, [finding()], [finding({ file: "pool/pool.py", line: 9 })])).toMatchObject({ verdict: "STILL" });
  });

  it("is OK, with a rest, when something else remains in the function", () => {
    const other = finding({ location: "Pool.count" });
    expect(judgePair(pair, [finding(), other], [other])).toMatchObject({ verdict: "OK", restInFunction: 1 });
  });

  it("is decided by other locations only when the raced one is not found and the fix made them go away", () => {
    const other = finding({ location: "Pool.count" });
    expect(judgePair(pair, [other], [])).toMatchObject({ verdict: "OK", onLocation: false });
    expect(judgePair(pair, [other], [other])).toMatchObject({ verdict: "MISSED", onLocation: false, restInFunction: 1 });
  });

  it("is MISSED when the finding is of low confidence, in another function or in another file", () => {
    const elsewhere = finding({ function: "Pool.give" });
    const judgment = judgePair(pair, [finding({ confidence: "low" }), elsewhere, finding({ file: "other.py", accesses: [] })], []);
    expect(judgment).toMatchObject({ verdict: "MISSED", hidden: [{ confidence: "low" }] });
    expect(judgment.near.map((each: { function: string }) => each.function)).toEqual(["Pool.give"]);
  });

  it("knows nested functions and subscripts by either spelling", () => {
    const nested = finding({ function: "make.<locals>.take", location: "Pool._free[]" });
    expect(judgePair({ ...pair, functions: ["make.take"] }, [nested], []).onLocation).toBe(true);
  });

  it("counts for recall even when it is not silenced", () => {
    const judgments = [judgePair(pair, [finding()], []), judgePair(pair, [finding()], [finding()]), judgePair(pair, [], [])];
    expect(countVerdicts(judgments)).toEqual({ pairs: 3, found: 2, foundOnLocation: 2, ok: 1, missed: 1, still: 1 });
  });
});

describe("the tool", () => {
  const folder = mkdtempSync(join(tmpdir(), "corpus-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const counter = (body: string) => `import threading\n\nclass Counter:\n    def __init__(self):\n        self._lock = threading.Lock()\n        self.total = 0\n\n    def add(self):\n${body}`;
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, "counter"), { recursive: true });
    writeFileSync(join(folder, path, "counter", "__init__.py"), text);
  };

  it("finds a lost update before its lock and is silent after, and skips what is not there", () => {
    write("counter/before", counter("        self.total += 1\n"));
    write("counter/after", counter("        with self._lock:\n            self.total += 1\n"));
    const version = { commit: "0".repeat(40) };
    const known = { name: "counter", file: "counter/__init__.py", functions: ["Counter.add"], location: "total", before: version, after: version };
    writeFileSync(join(folder, "pairs.json"), JSON.stringify([known, { ...known, name: "absent" }]));
    const output = execFileSync(process.execPath, [inRepository("corpus", "run.mjs"), "--folder", folder, "--pairs", join(folder, "pairs.json"), "--json"], { encoding: "utf8" });
    const { totals, judgments } = JSON.parse(output);
    expect(totals).toMatchObject({ pairs: 1, found: 1, ok: 1, skipped: 1 });
    expect(judgments[0].found[0]).toMatchObject({ rule: "python/non-atomic-update", function: "Counter.add" });
  });
});
