// From source text with comments, policy and baseline to what counts: the room as a whole, over the real audit.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditSources } from "../audit.ts";
import { runtimeFamilies } from "../vocabulary/index.ts";
import type { Hazard } from "../vocabulary/index.ts";
import { judgeHazards, parseBaseline, renderBaseline } from "./index.ts";
import type { Judgment, Policy } from "./index.ts";

type Files = Readonly<Record<string, string>>;

interface Choices {
  readonly policy?: Partial<Policy>;
  readonly baseline?: string;
  readonly today?: string;
  readonly ranRules?: readonly string[];
}

function audit(files: Files): ReturnType<typeof auditSources> {
  return auditSources(Object.entries(files).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) })));
}

function judge(files: Files, { policy = {}, baseline, today = "2026-06-01", ranRules }: Choices = {}): Judgment {
  const { hazards, remarks, program } = audit(files);
  const knownRules = ["python/check-then-act", "python/non-atomic-update", "python/mutate-during-iterate"];
  return judgeHazards(hazards, {
    remarks,
    program,
    policy: { ignored: [], severity: new Map(), assumeShared: [], assumeConfined: [], families: runtimeFamilies, ...policy },
    baseline: baseline === undefined ? undefined : { file: "baseline.json", entries: parseBaseline(baseline, "baseline.json") },
    knownRules,
    ranRules: ranRules ?? knownRules,
    today,
  });
}

const counter = (comment: string, above = "", onDef = ""): string =>
  `class Counter:\n    def __init__(self):\n        self.value = 0\n${onDef}    def add(self):\n${above}        self.value += 1${comment}\n`;

const counts = ({ counted, suppressed }: Judgment): [number, number] => [counted.length, suppressed.length];

describe("comments", () => {
  it.each([
    ["none", counter(""), [1, 0], []],
    ["on the line", counter("  # raceproof: allow[non-atomic-update] why"), [0, 1], []],
    ["above the line", counter("", "        # raceproof: allow[python/] why\n"), [0, 1], []],
    ["above the function", counter("", "", "    # raceproof: allow[all] why\n"), [0, 1], []],
    ["of another rule", counter("  # raceproof: allow[check-then-act] why"), [1, 0], ["unused suppression"]],
    ["without a reason", counter("  # raceproof: allow[non-atomic-update]"), [1, 0], ["reason is missing"]],
    ["with an unknown rule", counter("  # raceproof: allow[non-atomic-updat] why"), [1, 0], ["Did you mean python/non-atomic-update?"]],
    ["that ended", counter("  # raceproof: allow[non-atomic-update] why until=2026-05-31"), [1, 0], ["has passed"]],
    ["that ends today", counter("  # raceproof: allow[non-atomic-update] why until=2026-06-01"), [0, 1], []],
    ["of another tool", counter("  # thread_safe_ok"), [0, 1], []],
    ["bare noqa", counter("  # noqa"), [1, 0], []],
    ["in a string", counter("; '# raceproof: allow[all] why'"), [1, 0], []],
    ["a lock that callers hold", counter("", "", "    # guarded by: self._lock\n"), [0, 1], []],
  ])("%s", (_, source, expected, complaints) => {
    const judgment = judge({ "m.py": source });
    expect(counts(judgment)).toEqual(expected);
    expect(judgment.notifications).toHaveLength(complaints.length);
    for (const [index, complaint] of complaints.entries()) expect(judgment.notifications[index]?.message).toContain(complaint);
  });

  it("about a rule that did not run are not called unused", () => {
    const source = counter("  # raceproof: allow[check-then-act] why");
    expect(judge({ "m.py": source }, { ranRules: ["python/non-atomic-update"] }).notifications).toEqual([]);
  });

  it("that say it is meant so lower the confidence and are quoted; those that deny it do not", () => {
    const confidence = (comment: string): string => judge({ "m.py": counter(comment) }).counted[0]?.confidence ?? "";
    expect([confidence(""), confidence("  # benign race"), confidence("  # not thread-safe")]).toEqual(["medium", "low", "medium"]);
    expect(judge({ "m.py": counter("  # benign race") }).counted[0]?.evidence.at(-1)).toContain("benign race");
  });

  it("that name the lock of an attribute raise what does not hold it, and are counted against the code", () => {
    const held = "    def get(self):\n        with self._lock:\n            return self.value\n";
    const source = `import threading\n${counter("").replace("self.value = 0", "self.value = 0  # guarded by: self._lock\n        self._lock = threading.Lock()")}${held}`;
    const { counted, notifications } = judge({ "m.py": source });
    expect(counted.map(({ confidence, evidence }) => [confidence, evidence.at(-1)])).toContainEqual([
      "high",
      expect.stringContaining("guarded by self._lock, which is not held here"),
    ]);
    expect(notifications.map(({ level, message, line }) => [level, message, line])).toEqual([
      ["note", "Counter.value is guarded by self._lock, says the comment: 1 of 2 accesses hold no such lock", 4],
    ]);
  });

  it("name who says so", () => {
    const [found] = judge({ "m.py": counter("  # raceproof: allow[non-atomic-update] a statistic") }).suppressed;
    expect(found?.suppression).toEqual({ by: "comment", reason: "a statistic", file: "m.py", line: 5 });
  });
});

describe("policy", () => {
  const origin = { file: "pyproject.toml", line: 7 };
  const pattern = (text: string): Policy["assumeShared"][number] => ({ ...origin, pattern: text, matches: (name) => name === text });

  it("ignores rules in the files it names", () => {
    const ignored = [{ ...origin, rules: new Set(["python/non-atomic-update"]), setting: "ignore", matchesFile: (file: string) => file === "a.py" }];
    const judgment = judge({ "a.py": counter(""), "b.py": counter("") }, { policy: { ignored } });
    expect(judgment.counted.map(({ span }) => span.file)).toEqual(["b.py"]);
    expect(judgment.suppressed[0]?.suppression).toEqual({ by: "configuration", reason: "ignore", ...origin });
  });

  it("raises, drops and weighs as told", () => {
    const files = { "a.py": counter("") };
    expect(judge(files, { policy: { assumeShared: [pattern("Counter")] } }).counted[0]?.confidence).toBe("high");
    expect(counts(judge(files, { policy: { assumeConfined: [pattern("a:Counter")] } }))).toEqual([0, 1]);
    expect(counts(judge(files, { policy: { assumeConfined: [pattern("Other")] } }))).toEqual([1, 0]);
    expect(judge(files, { policy: { severity: new Map([["python/non-atomic-update", "leak"]]) } }).counted[0]?.severity).toBe("leak");
  });
});

const store = [
  "class Store:",
  "    def __init__(self):",
  "        self.items = {}",
  "        self.total = 0",
  "",
  "    def take(self, key):",
  "        if key in self.items:",
  "            return self.items[key]",
  "        self.total += 1",
  "",
  "    def drop(self, key):",
  "        del self.items[key]",
  "",
  "    def all(self):",
  "        for item in self.items:",
  "            print(item)",
  "",
];

const baselineOf = (files: Files): string => renderBaseline(audit(files).hazards);

/** Edits that change nothing of what the code does: each may be applied at any line, to any effect on layout. */
const edits: readonly ((lines: readonly string[], at: number) => readonly string[])[] = [
  (lines, at) => [...lines.slice(0, at), "", ...lines.slice(at)],
  (lines, at) => [...lines.slice(0, at), "# a comment", ...lines.slice(at)],
  (lines) => ["import os", ...lines],
  (lines) => lines.map((line) => line.replace(/^( +)/, "$1$1")),
  (lines) => lines.map((line) => line.replace("self.total += 1", "self.total  +=  1   # more")),
  (lines) => lines.map((line) => line.replace("if key in self.items:", "if (\n            key\n            in self.items\n        ):")),
  (lines) => lines.map((line) => line.replace("return self.items[key]", "return (self.items[ key ])")),
  (lines) => lines.map((line) => line.replace("for item in self.items:", "for item in (self.items):")),
  (lines) => [...lines, "def another():", "    return 1"],
  (lines) => {
    const [start, end] = [lines.findIndex((line) => line.includes("def drop")), lines.findIndex((line) => line.includes("del self.items"))];
    return start < 0 ? lines : [...lines.slice(0, start), ...lines.slice(end + 1), ...lines.slice(start, end + 1)];
  },
];

describe("a baseline", () => {
  it("covers what it was written from, and nothing is stale", () => {
    const files = { "m.py": store.join("\n") };
    const judgment = judge(files, { baseline: baselineOf(files) });
    expect(judgment.suppressed.length).toBeGreaterThanOrEqual(3);
    expect([judgment.counted, judgment.stale]).toEqual([[], 0]);
  });

  it("survives any sequence of edits that change nothing, and a renamed file", () => {
    const baseline = baselineOf({ "pkg/m.py": store.join("\n") });
    const edit = fc.tuple(fc.nat(edits.length - 1), fc.nat(store.length));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), fc.constantFrom("pkg/m.py", "pkg/renamed.py", "elsewhere.py"), (sequence, path) => {
        const lines = sequence.reduce<readonly string[]>((before, [which, at]) => edits[which]?.(before, at) ?? before, store);
        const judgment = judge({ [path]: lines.join("\n") }, { baseline });
        expect(judgment.counted.map(({ rule, span }) => `${rule} ${span.line}`)).toEqual([]);
        expect(judgment.stale).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["self.total += 1", "self.total += 2"],
    ["return self.items[key]", "return self.items[key].copy()"],
    ["if key in self.items:", "if key in self.items and key:"],
    ["def take(", "def fetch("],
  ])("does not cover a statement that changed: %s", (before, after) => {
    const judgment = judge({ "m.py": store.join("\n").replace(before, after) }, { baseline: baselineOf({ "m.py": store.join("\n") }) });
    expect(judgment.counted.length).toBeGreaterThan(0);
    expect(judgment.stale).toBe(judgment.counted.length);
    expect(judgment.notifications[0]?.message).toContain("stale baseline entry");
  });

  it("counts: a second copy of known code is new", () => {
    const one = counter("");
    const judgment = judge({ "a.py": one, "b.py": one }, { baseline: baselineOf({ "a.py": one }) });
    expect(judgment.counted.map(({ span }) => span.file)).toEqual(["b.py"]);
  });

  it("is the same text whatever the order of hazards, sorted and free of lines", () => {
    const { hazards } = audit({ "b.py": store.join("\n"), "a.py": store.join("\n") });
    fc.assert(
      fc.property(fc.shuffledSubarray([...hazards], { minLength: hazards.length }), (shuffled: Hazard[]) => {
        expect(renderBaseline(shuffled)).toBe(renderBaseline(hazards));
      }),
    );
    const entries = parseBaseline(renderBaseline(hazards), "b");
    expect(entries.map(({ file }) => file)).toEqual(entries.map(({ file }) => file).toSorted());
    expect(renderBaseline(hazards)).not.toContain("line");
  });

  it("leaves entries of rules that did not run alone", () => {
    const baseline = baselineOf({ "m.py": counter("") });
    expect(judge({ "m.py": "x = 1\n" }, { baseline, ranRules: ["python/check-then-act"] }).stale).toBe(0);
    expect(judge({ "m.py": "x = 1\n" }, { baseline }).stale).toBe(1);
  });

  it.each([
    ["no JSON", "{", "is not a baseline"],
    ["another version", '{"schemaVersion": 2, "hazards": []}', "schemaVersion is 2"],
    ["no list", '{"schemaVersion": 1}', "no list"],
    ["a broken entry", '{"schemaVersion": 1, "hazards": [{"rule": "a"}]}', "entry 1"],
  ])("that is %s is refused", (_, text, problem) => {
    expect(() => parseBaseline(text, "b.json")).toThrow(problem);
  });
});
