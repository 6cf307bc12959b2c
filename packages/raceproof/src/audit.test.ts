// The static half from bytes to hazards: its counts, its options, and that no input makes it throw.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditSources, type AuditOptions, type AuditResult } from "./audit.ts";
import { UserError } from "./vocabulary/index.ts";

const encoder = new TextEncoder();

function audit(files: Readonly<Record<string, string>>, options: AuditOptions = {}): AuditResult {
  return auditSources(
    Object.entries(files).map(([path, text]) => ({ path, bytes: encoder.encode(text) })),
    options,
  );
}

const counter = "class Counter:\n    def __init__(self):\n        self.value = 0\n    def add(self):\n        self.value += 1\n";

describe("audit", () => {
  it("of nothing finds nothing", () => {
    const result = audit({});
    expect(result.hazards).toEqual([]);
    expect(Object.values(result.coverage).every((count) => count === 0)).toBe(true);
  });

  it("counts what it saw", () => {
    const { coverage, notifications } = audit({ "a.py": counter, "b.py": "" });
    expect(coverage).toMatchObject({ files: 2, filesWithErrors: 0, functions: 2, classes: 1, accesses: 2, callsUnresolved: 0 });
    expect(notifications).toEqual([]);
  });

  it("reports files that do not parse completely, and audits the rest of them", () => {
    const { coverage, notifications, hazards } = audit({ "a.py": `${counter}\ndef broken(:\n    pass\n`, "b.py": "x = 1\n" });
    expect(coverage).toMatchObject({ files: 2, filesWithErrors: 1 });
    expect(notifications).toMatchObject([{ level: "warning", file: "a.py", line: 7 }]);
    expect(hazards.map(({ span }) => span.line)).toEqual([5]);
  });

  it("runs the rules that are asked for", () => {
    const all = audit({ "a.py": counter });
    const rule = all.hazards[0]?.rule ?? "";
    expect(audit({ "a.py": counter }, { rules: [rule] }).hazards).toHaveLength(1);
    expect(audit({ "a.py": counter }, { rules: [] }).hazards).toEqual([]);
  });

  it("refuses rules that do not exist and names those that do", () => {
    const unknown = (): AuditResult => audit({ "a.py": counter }, { rules: ["python/no-such-rule"] });
    expect(unknown).toThrow(UserError);
    expect(unknown).toThrow("python/no-such-rule");
  });

  it("names modules below the import prefix, files below the root", () => {
    const files = {
      "src/pkg/__init__.py": "",
      "src/pkg/state.py": "shared = {}\n",
      "src/pkg/use.py": "from pkg.state import shared\ndef f():\n    shared['a'] = 1\n",
    };
    const { program } = audit(files, { importPrefix: "src" });
    expect(program.functions.map(({ module }) => module)).toContain("pkg.use");
    expect([...program.locations.keys()]).toEqual(["module:pkg.state:shared"]);
    expect(program.functions.every(({ span }) => span.file.startsWith("src/pkg/"))).toBe(true);
  });

  it("tells two files with one module name apart", () => {
    const { hazards, program } = audit({ "src/m.py": counter, "m.py": counter }, { importPrefix: "src" });
    expect(hazards.map(({ span }) => span.file)).toEqual(["m.py", "src/m.py"]);
    expect(new Set(hazards.map(({ id }) => id)).size).toBe(2);
    for (const hazard of hazards) expect(program.sourceOf(hazard.span)).toBe("self.value");
  });

  it("gives the same hazards in the same order whatever the order of unrelated files", () => {
    const files = { "a.py": counter, "b.py": counter.replaceAll("value", "total") };
    const places = (of: Readonly<Record<string, string>>): string[] => audit(of).hazards.map(({ id, span }) => `${id} ${span.file}`);
    expect(places(Object.fromEntries(Object.entries(files).toReversed()))).toEqual(places(files));
  });

  it("keeps fingerprints when lines move", () => {
    const [before] = audit({ "a.py": counter }).hazards;
    const [after] = audit({ "a.py": `import os\n\n\n${counter}` }).hazards;
    expect(after?.fingerprint).toBe(before?.fingerprint);
    expect(after?.span.line).toBe((before?.span.line ?? 0) + 3);
  });
});

const pages = new URL("rules/python/", import.meta.url);

/** Every Python block of the rule pages: programs with all the shapes in them. */
const programs = readdirSync(pages, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => [...readFileSync(new URL(`${name}/README.md`, pages), "utf8").matchAll(/```python\n([^]*?)```/g)].map(([, text]) => text ?? ""));

/** Cuts, doubles and moves pieces of a text. */
const mutated = fc
  .record({
    text: fc.constantFrom(...programs),
    cuts: fc.array(fc.tuple(fc.nat(4000), fc.nat(60), fc.constantFrom("", "(", "self.x", "\n", "\t", ":", "\0", "def f():", "\u00e9")), { maxLength: 6 }),
  })
  .map(({ text, cuts }) =>
    cuts.reduce((before, [at, length, put]) => before.slice(0, at % (before.length + 1)) + put + before.slice((at % (before.length + 1)) + length), text),
  );

/** What is impossible about a result, one line each. */
function flawsOf({ hazards, coverage, program }: AuditResult): string[] {
  const counts = coverage.filesWithErrors <= coverage.files && coverage.callsUnresolved <= coverage.calls;
  const unique = new Set(hazards.map(({ id }) => id)).size === hazards.length;
  const placed = hazards.filter(({ span }) => span.line > coverage.lines || program.sourceOf(span) === "");
  const bare = hazards.filter(({ accesses, evidence }) => accesses.length === 0 || evidence.length === 0);
  return [
    ...(counts ? [] : ["counts"]),
    ...(unique ? [] : ["ids"]),
    ...placed.map(({ id }) => `${id} stands nowhere`),
    ...bare.map(({ id }) => `${id} has no evidence`),
  ];
}

/** The smallest input that has a flaw, with the reason; undefined when there is none. */
function counterexampleOf<T>(property: fc.IProperty<T>, numRuns: number): string | undefined {
  const found = fc.check(property, { numRuns });
  return found.failed ? `seed ${found.seed}: ${JSON.stringify(found.counterexample)} ${String(found.errorInstance ?? "")}` : undefined;
}

const isSound = (result: AuditResult): boolean => flawsOf(result).length === 0;

describe("whatever it is given", () => {
  it("the audit of damaged programs ends with sound hazards", () => {
    expect(programs.length).toBeGreaterThan(50);
    expect(
      counterexampleOf(
        fc.property(mutated, (text) => isSound(audit({ "m.py": text }))),
        150,
      ),
    ).toBeUndefined();
  });

  it("the audit of two damaged programs that import each other ends", () => {
    const importing = (name: string) => (text: string) => `from ${name} import *\nimport ${name}\n${text}`;
    const pair = fc.property(mutated.map(importing("b")), mutated.map(importing("a")), (a, b) => isSound(audit({ "a.py": a, "b.py": b })));
    expect(counterexampleOf(pair, 50)).toBeUndefined();
  });

  it("the audit of bytes that are no text ends", () => {
    const bytes = fc.property(fc.uint8Array({ maxLength: 200 }), (content) => isSound(auditSources([{ path: "m.py", bytes: content }])));
    expect(counterexampleOf(bytes, 100)).toBeUndefined();
  });

  it.each([
    ["a sum of thousands", `x = ${"a + ".repeat(5000)}a\n`],
    ["a chain of calls", `x = a${".b()".repeat(5000)}\n`],
    ["a chain of elements", `x = a${"[0]".repeat(5000)}\n`],
    ["names that stand for each other", `${Array.from({ length: 5000 }, (_, index) => `x${index} = x${index + 1}\n`).join("")}`],
    ["functions that call each other", `${Array.from({ length: 3000 }, (_, index) => `def f${index}():\n    return f${index + 1}()\n`).join("")}`],
    ["functions that end in each other", `${Array.from({ length: 3000 }, (_, index) => `def f${index}():\n    f${index + 1}()\n`).join("")}`],
    [
      "a long else if",
      `def f(x):\n    if x:\n        pass\n${Array.from({ length: 1500 }, (_, index) => `    elif x == ${index}:\n        return\n`).join("")}`,
    ],
    [
      "a deep hierarchy",
      `class C0: pass\n${Array.from({ length: 1500 }, (_, index) => `class C${index + 1}(C${index}):\n    def m(self): self.a${index} = 1\n`).join("")}`,
    ],
    ["aliases of annotations", `${Array.from({ length: 3000 }, (_, index) => `A${index} = A${index + 1}\n`).join("")}def f(x: A0): x.a += 1\n`],
    ["parameters passed on", `${Array.from({ length: 3000 }, (_, index) => `def f${index}(p):\n    f${index + 1}(p)\n`).join("")}f0([])\n`],
    ["a union with thousands of members", `def f(x: "${"A | ".repeat(5000)}B"): x.a = 1\n`],
  ])("%s does not overflow the stack", (_name, text) => {
    expect(flawsOf(audit({ "m.py": text }))).toEqual([]);
  });

  it("a chain of star imports does not overflow the stack", () => {
    const files = Array.from({ length: 1500 }, (_, index) => [`m${index}.py`, `from m${index + 1} import *\nx = nowhere\n`]);
    expect(flawsOf(audit(Object.fromEntries(files)))).toEqual([]);
  });
});
