// Two revisions of small programs, audited for real: what is called fixed, remaining, new; and which functions changed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditSources } from "../audit.ts";
import type { AuditResult } from "../audit.ts";
import type { FunctionText, Hazard } from "../vocabulary/index.ts";
import { changedSince, compareAudits } from "./index.ts";

type Files = Readonly<Record<string, string>>;

function audit(files: Files): AuditResult {
  return auditSources(Object.entries(files).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) })));
}

const judged = ({ hazards }: AuditResult): Parameters<typeof compareAudits>[0] => ({
  shown: hazards.filter(({ confidence }) => confidence !== "low"),
  counted: hazards,
  suppressed: [],
});

/** [fixed, remaining, new], each as function names. */
function compare(before: Files, after: Files): string[][] {
  const { fixed, remaining, added } = compareAudits(judged(audit(before)), judged(audit(after)));
  const names = (hazards: readonly Hazard[]): string[] => hazards.map((hazard) => hazard.function).toSorted();
  return [names(fixed), names(remaining.map((pair) => pair.after)), names(added)];
}

const method = (name: string, statement: string): string => `    def ${name}(self):\n        ${statement}\n`;
const head =
  "import threading\nclass Counter:\n    def __init__(self):\n        self.lock = threading.Lock()\n        self.value = 0\n        self.total = 0\n";
const racy = `${head}${method("add", "self.value += 1")}${method("sum", "self.total += 1")}`;
const guarded = racy.replace("self.value += 1", "with self.lock:\n            self.value += 1");

describe("comparing two audits", () => {
  it.each<[string, Files, Files, string[][]]>([
    ["nothing changed", { "m.py": racy }, { "m.py": racy }, [[], ["Counter.add", "Counter.sum"], []]],
    ["a lock was added", { "m.py": racy }, { "m.py": guarded }, [["Counter.add"], ["Counter.sum"], []]],
    ["a lock was taken away", { "m.py": guarded }, { "m.py": racy }, [[], ["Counter.sum"], ["Counter.add"]]],
    ["a file was renamed", { "m.py": racy }, { "n.py": racy }, [[], ["Counter.add", "Counter.sum"], []]],
    ["a statement was changed", { "m.py": racy }, { "m.py": racy.replace("value += 1", "value += 2") }, [[], ["Counter.add", "Counter.sum"], []]],
    ["a method was added", { "m.py": racy }, { "m.py": racy + method("more", "self.value -= 1") }, [[], ["Counter.add", "Counter.sum"], ["Counter.more"]]],
    ["a copy was added", { "m.py": racy }, { "m.py": racy, "n.py": racy }, [[], ["Counter.add", "Counter.sum"], ["Counter.add", "Counter.sum"]]],
    ["everything was removed", { "m.py": racy }, { "m.py": "" }, [["Counter.add", "Counter.sum"], [], []]],
  ])("%s", (_, before, after, expected) => {
    expect(compare(before, after)).toEqual(expected);
  });

  it("calls a hazard that is only suppressed, or only believed less, neither fixed nor new", () => {
    const side = judged(audit({ "m.py": racy }));
    const [first] = side.shown;
    const suppression = { by: "comment", reason: "why", file: "m.py", line: 1 } as const;
    const answered = { shown: side.shown.slice(1), counted: side.counted.slice(1), suppressed: first ? [{ hazard: first, suppression }] : [] };
    expect(compareAudits(side, answered)).toMatchObject({ fixed: [], added: [] });
    expect(compareAudits(side, { ...side, shown: side.shown.slice(1) })).toMatchObject({ fixed: [], added: [] });
  });

  it("puts every shown hazard of both sides into exactly one place", () => {
    const methods = fc.array(
      fc.record({ name: fc.constantFrom("a", "b", "c", "d"), statement: fc.constantFrom("self.value += 1", "self.total -= 1", "self.value += 2", "pass") }),
      { maxLength: 5 },
    );
    const program = methods.map((list) => head + list.map(({ name, statement }) => method(name, statement)).join(""));
    fc.assert(
      fc.property(program, program, (one, other) => {
        const [before, after] = [judged(audit({ "m.py": one })), judged(audit({ "m.py": other }))];
        const { fixed, remaining, added } = compareAudits(before, after);
        expect(fixed.length + remaining.length).toBe(before.shown.length);
        expect(added.length + remaining.length).toBe(after.shown.length);
      }),
      { numRuns: 40 },
    );
  });
});

describe("functions changed since a revision", () => {
  const functionsOf = ({ program }: AuditResult): FunctionText[] =>
    program.functions.map(({ qualifiedName, span }) => ({ file: span.file, name: qualifiedName, text: program.textOf(span) }));
  const changedIn = (before: Files, after: Files): string[] => {
    const later = audit(after);
    return later.hazards.filter(changedSince(functionsOf(audit(before)), functionsOf(later))).map((hazard) => hazard.function);
  };

  it("are those whose text differs, wherever they moved", () => {
    expect(changedIn({ "m.py": racy }, { "m.py": racy })).toEqual([]);
    expect(changedIn({ "m.py": racy }, { "n.py": `\n\n${racy.replaceAll("        self", "          self")}` })).toEqual([]);
    expect(changedIn({ "m.py": racy }, { "m.py": racy.replace("value += 1", "value += 1  # more") })).toEqual([]);
    expect(changedIn({ "m.py": racy }, { "m.py": racy.replace("value += 1", "value += 2") })).toEqual(["Counter.add"]);
    expect(changedIn({ "m.py": "" }, { "m.py": racy })).toEqual(["Counter.add", "Counter.sum"]);
  });
});
