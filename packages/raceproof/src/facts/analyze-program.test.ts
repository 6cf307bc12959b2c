// What an earlier run found out is used where it still holds and nowhere else: after any edit the facts are those of a run from scratch.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnalysisPart } from "./analysis-part.ts";
import { analyzeProgram, linkProgram, LocalPart } from "./index.ts";
import type { ProgramAnalysis, StoredModule, UnparsedFile } from "./index.ts";
import type { ModuleFacts } from "./module-facts.ts";

type Sources = Readonly<Record<string, string>>;

const encoder = new TextEncoder();
const filesOf = (sources: Sources): UnparsedFile[] => Object.entries(sources).map(([path, text]) => ({ path, modulePath: path, bytes: encoder.encode(text) }));

function analyze(sources: Sources, stored: ReadonlyMap<string, StoredModule> = new Map(), others: readonly AnalysisPart[] = []): Promise<ProgramAnalysis> {
  const files = filesOf(sources);
  return analyzeProgram(files, { local: new LocalPart(files, {}), others, worthSharing: 0 }, stored);
}

const storedOf = (sources: Sources, { modules }: ProgramAnalysis): Map<string, StoredModule> =>
  new Map(Object.keys(sources).map((path, index) => [path, modules[index] as StoredModule]));

const factsOf = ({ modules }: ProgramAnalysis): unknown => modules.map(({ facts, outline, passed }) => [facts.value, outline, passed.value]);

/** How many modules were analyzed again after an edit; their facts are checked against a run from scratch. */
async function reanalyzed(before: Sources, after: Sources): Promise<number> {
  const again = await analyze(after, storedOf(before, await analyze(before)));
  expect(factsOf(again)).toEqual(factsOf(await analyze(after)));
  return again.analyzed;
}

const library: Sources = {
  "pkg/__init__.py": "from .shop import Shop\n",
  "pkg/base.py": "class Base:\n    def __init__(self):\n        self.items = {}\n",
  "pkg/shop.py":
    "from .base import Base\nfrom .make import make\n\nclass Shop(Base):\n    def add(self, key):\n        self.items[key] = make()\n        make().count += 1\n",
  "pkg/make.py": "from .box import Box\n\ndef make():\n    return Box()\n",
  "pkg/box.py": "class Box:\n    def __init__(self):\n        self.count = 0\n",
  "pkg/user.py": "def use(thing):\n    thing.weight += 1\n    return thing.count\n",
  "pkg/caller.py": "from .user import use\nfrom .box import Box\n\ndef call():\n    use(Box())\n",
  "pkg/alone.py": "value = 1\n\ndef bump():\n    global value\n    value += 1\n",
};

describe("a second run", () => {
  it("over the same files analyzes nothing", async () => {
    expect(await reanalyzed(library, library)).toBe(0);
  });

  it("after an edit that nobody asks about analyzes that file alone", async () => {
    expect(await reanalyzed(library, { ...library, "pkg/alone.py": "value = 2\n" })).toBe(1);
  });

  it("after an edit of another name than those asked for analyzes that file alone", async () => {
    const box = library["pkg/box.py"] as string;
    expect(await reanalyzed(library, { ...library, "pkg/box.py": `# moved\n${box}\nspare = 1\n\ndef unused():\n    return spare\n` })).toBe(1);
    const bound = { ...library, "pkg/box.py": `${box}spare = 1\n` };
    expect(await reanalyzed(bound, { ...bound, "pkg/box.py": `${box}spare = []\n` })).toBe(1);
  });

  it("sees a name that a module binds now and did not before, also through an import of everything", async () => {
    const before = { "a.py": "from b import K\n\ndef f():\n    K().x = 1\n", "b.py": "from c import *\n", "c.py": "class Other:\n    pass\n" };
    expect(await reanalyzed(before, { ...before, "c.py": "class K:\n    pass\n" })).toBeGreaterThan(1);
    expect(await reanalyzed(before, { ...before, "b.py": "from c import *\nK = dict\n" })).toBeGreaterThan(1);
    expect(await reanalyzed(before, { ...before, "b.py": "from c import *\n(K := dict\n" })).toBeGreaterThan(1);
  });

  it("sees an edit elsewhere in the module that speaks about the name", async () => {
    const before = { "a.py": "from b import f\n\ndef g():\n    f.count += 1\n", "b.py": "def f():\n    pass\n\nf.count = 0\n" };
    expect(await reanalyzed(before, { ...before, "b.py": "def f():\n    pass\n\nf.count = {}\n" })).toBe(2);
  });

  it.each<[string, Partial<Record<string, string>>]>([
    ["an edited base class", { "pkg/base.py": "class Base:\n    items = []\n" }],
    ["a changed return type", { "pkg/make.py": "def make():\n    return []\n" }],
    ["a new class with the same attribute", { "pkg/alone.py": "class Other:\n    def __init__(self):\n        self.weight = 0\n" }],
    [
      "a new subclass with an attribute of its own",
      { "pkg/alone.py": "from .box import Box\n\nclass Crate(Box):\n    def lift(self):\n        self.weight = 1\n" },
    ],
    ["another argument", { "pkg/caller.py": "from .user import use\nfrom .shop import Shop\n\ndef call():\n    use(Shop())\n" }],
    ["a syntax error", { "pkg/box.py": "class Box(:\n" }],
  ])("sees %s", async (_, edit) => {
    expect(await reanalyzed(library, { ...library, ...edit } as Sources)).toBeGreaterThan(1);
  });

  it("sees a removed module, and a new one that was asked for in vain", async () => {
    const { "pkg/box.py": removed, ...rest } = library;
    expect(await reanalyzed(library, rest)).toBeGreaterThan(1);
    expect(await reanalyzed(rest, { ...rest, "pkg/box.py": removed as string })).toBeGreaterThan(1);
  });

  it("sees a second file of the same module name", async () => {
    expect(await reanalyzed(library, { ...library, "pkg/box/__init__.py": "class Box:\n    count = {}\n" })).toBeGreaterThan(1);
  });

  it("is a run from scratch after any edits", async () => {
    const lines = [
      "from .a import *",
      "from .b import K as Alias, f",
      "from .c import g",
      "class K(Alias):",
      "    other: Alias = None",
      "    def m(self, p, q=[]):",
      "        self.x = p",
      "        self.x[q] += f(self)",
      "        return g(self.x, p)",
      "def f(p):",
      "    p.x = K()",
      "    return p.other",
      "def g(p, q):",
      "    for each in p: each.m(q)",
      "    return [K()]",
      "z = f(K())",
      "z.m({}, g(z, z))",
    ];
    const text = fc.subarray(lines, { minLength: 6 }).map((chosen) => `${chosen.join("\n")}\n`);
    const sources = fc.record({ "p/a.py": text, "p/b.py": text, "p/c.py": text }, { requiredKeys: [] }) as fc.Arbitrary<Sources>;
    await fc.assert(
      fc.asyncProperty(sources, fc.array(sources, { minLength: 1, maxLength: 4 }), async (first, edits) => {
        let stored = storedOf(first, await analyze(first));
        let now = first;
        for (const edit of edits) {
          now = { ...now, ...edit };
          const again = await analyze(now, stored);
          expect(factsOf(again)).toEqual(factsOf(await analyze(now)));
          stored = storedOf(now, again);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a part that fails", () => {
  it("costs its share, not the result", async () => {
    const failing: AnalysisPart = { answer: () => Promise.reject(new Error("out of memory")) };
    const result = await analyze(library, new Map(), [failing]);
    expect(factsOf(result)).toEqual(factsOf(await analyze(library)));
    expect(result.failures).toEqual(["out of memory"]);
  });
});

describe("linking", () => {
  /** Accesses and calls become the program's: another program of the same facts starts from what the functions' own text shows. */
  it("gives the same program of the same facts, whatever program was made of them before", async () => {
    const locked = {
      ...library,
      "pkg/guard.py":
        "import threading\nfrom .box import Box\n\nlock = threading.Lock()\n\ndef _bump(box):\n    box.count += 1\n    print(box)\n\ndef bump():\n    box = Box()\n    with lock:\n        _bump(box)\n",
    };
    const factsByFile = async (): Promise<ModuleFacts[]> => (await analyze(locked)).modules.map(({ facts }) => facts.value);
    const functionsOf = (facts: readonly ModuleFacts[]): unknown => structuredClone(linkProgram(facts, () => "").program.functions);
    const expected = functionsOf(await factsByFile());
    const facts = await factsByFile();
    const others = functionsOf(facts.filter(({ file }) => file === "pkg/guard.py" || file === "pkg/box.py").toReversed());
    expect(others).not.toEqual(expected);
    expect(functionsOf(facts)).toEqual(expected);
    expect(JSON.stringify(expected)).toContain('"lockset":["guard.lock"],"sharing":"fresh"');
  });
});
