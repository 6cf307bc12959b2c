// Threads share the analysis: the result is the same however many there are. Runs the built engine, for a thread starts from a file.
import { describe, expect, it } from "vitest";
import type { auditFiles as AuditFiles, auditSources as AuditSources } from "../audit.ts";

const built = new URL("../../dist/audit.js", import.meta.url).href;
const { auditFiles, auditSources } = (await import(/* @vite-ignore */ built)) as { auditFiles: typeof AuditFiles; auditSources: typeof AuditSources };

const encoder = new TextEncoder();
const names = Array.from({ length: 12 }, (_, index) => `part${index}`);
const sources = names.map((name, index) => ({
  path: `pkg/${name}.py`,
  bytes: encoder.encode(`
from .${names[(index + 5) % names.length] ?? ""} import Counter as Other

class Counter:
    def __init__(self, other=None):
        self.value = 0
        self.other: Other = other
        self.seen = {}

    def add(self, key, amount):
        self.value += 1
        self.other.value += amount
        if key not in self.seen:
            self.seen[key] = self.value
        return self.seen

    def use(self):
        Other(self).add("é", self.value)
`),
}));
const files = [
  ...sources,
  { path: "pkg/__init__.py", bytes: encoder.encode("from .part0 import Counter\n") },
  { path: "pkg/broken.py", bytes: encoder.encode("def f(:\n") },
];

const essence = ({ hazards, coverage, notifications }: Pick<Awaited<ReturnType<typeof auditFiles>>, "hazards" | "coverage" | "notifications">): unknown => ({
  hazards,
  coverage,
  notifications,
});

describe("an audit in threads", () => {
  const alone = auditSources(files);

  it.each([1, 2, 3, 7])("gives the same with %i", async (threads) => {
    expect(alone.hazards.length).toBeGreaterThan(10);
    expect(essence(await auditFiles(files, { threads }))).toEqual(essence(alone));
  });

  it("gives the same facts", async () => {
    const [one, two] = await Promise.all([auditFiles(files, { threads: 1 }), auditFiles(files, { threads: 2 })]);
    expect(two.notifications).toEqual(one.notifications);
    expect(two.analysis.modules).toEqual(one.analysis.modules);
  });

  it.each([1, 2])("knows the names of locks that the user gave with %i", async (threads) => {
    const texts = ["gate", "io_guard", "gates"].map((name) => `def f(self, ${name}):\n    with ${name}:\n        self.value = 1\n`);
    const guarded = texts.map((text, index) => ({ path: `m${index}.py`, bytes: encoder.encode(text) }));
    const { analysis } = await auditFiles(guarded, { threads, lockNames: ["gate", "*_guard"] });
    expect(analysis.modules.map(({ facts }) => facts.value.functions.map((fn) => fn.lockSpans))).toEqual([
      [0, 1],
      [0, 1],
      [0, 0],
    ]);
  });
});

/** Enough of it that a thread with little memory dies in the middle. */
const large = [0, 1, 2, 3].map((index) => ({
  path: `pkg/large${index}.py`,
  bytes: encoder.encode(
    `class Large${index}:\n    def __init__(self):\n        self.value = 0\n\n${[...Array(600).keys()].map((method) => `    def add${method}(self):\n        return self.value, self.value\n`).join("")}`,
  ),
}));

describe("a thread that runs out of memory", () => {
  it.each([
    ["as it starts", files, 1],
    ["while it works", [...files, ...large], 8],
  ])("%s costs its share, never the result", async (_, subject, threadMemory) => {
    const expected = auditSources(subject);
    const found = await auditFiles(subject, { threads: 2, threadMemory });
    expect({ hazards: found.hazards, coverage: found.coverage }).toEqual({ hazards: expected.hazards, coverage: expected.coverage });
    // Once, however many of its shares are done without it.
    const told = found.notifications.filter(({ message }) => message.includes("an analysis thread failed"));
    expect(told).toMatchObject([{ level: "warning", message: expect.stringContaining("memory limit") as string }]);
  });
});
