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
