// Whatever is stored: the outcome is that of an audit from scratch, after any edits.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditSources } from "./audit.ts";
import type { AuditOutcome } from "./audit.ts";
import { auditStored } from "./stored-audit.ts";
import type { StoredRun, SubjectProgram } from "./stored-audit.ts";
import { guardedLocations } from "./suppressions/index.ts";

type Sources = Readonly<Record<string, string>>;

const encoder = new TextEncoder();
const filesOf = (sources: Sources): { path: string; bytes: Uint8Array }[] =>
  Object.entries(sources).map(([path, text]) => ({ path, bytes: encoder.encode(text) }));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "raceproof-stored-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (sources: Sources, changes: Partial<StoredRun> = {}): Promise<SubjectProgram> =>
  auditStored(filesOf(sources), { root: "/subject", importPrefix: "", lockNames: [], cacheFolder: folder, afterwards: (work) => work(), ...changes });

/** Stored results are plain data: what is undefined is absent. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const outcomeOf = ({ hazards, remarks, coverage, notifications }: AuditOutcome): unknown => plain({ hazards, remarks, coverage, notifications });

async function expectAsFromScratch(sources: Sources): Promise<void> {
  const scratch = auditSources(filesOf(sources));
  const { outcome, guarded, program } = await run(sources);
  expect(outcomeOf(outcome)).toEqual(outcomeOf(scratch));
  expect(plain([...guarded])).toEqual(plain([...guardedLocations(scratch.remarks, scratch.program)]));
  expect(plain((await program()).functions)).toEqual(plain(scratch.program.functions));
}

const shop: Sources = {
  "shop.py": "items = {}  # guarded by lock\n\ndef add(key):\n    if key not in items:\n        items[key] = 1\n",
  "broken.py": "def f(:\n",
};

describe("a stored audit", () => {
  it("is that of a run from scratch: at first, again, and after an edit", async () => {
    expect(auditSources(filesOf(shop)).hazards).not.toEqual([]);
    await expectAsFromScratch(shop);
    await expectAsFromScratch(shop);
    await expectAsFromScratch({ ...shop, "shop.py": shop["shop.py"]?.replace("if", "while") ?? "" });
    await expectAsFromScratch(shop);
  });

  it("of an unchanged subject stores nothing again, of an edited one what differs", async () => {
    const works: unknown[] = [];
    const afterwards = (work: () => Promise<unknown>): Promise<unknown> => (works.push(work), work());
    await run(shop, { afterwards });
    const first = works.length;
    expect(first).toBeGreaterThan(0);
    await run(shop, { afterwards });
    expect(works).toHaveLength(first);
    await run({ ...shop, "shop.py": "" }, { afterwards });
    expect(works.length).toBeGreaterThan(first);
  });

  it("asks again when the rules, the lock names, the order or the names of the files differ", async () => {
    const all = (await run(shop)).outcome.hazards.length;
    expect((await run(shop, { rules: ["python/torn-pair"] })).outcome.hazards).toEqual([]);
    expect((await run(shop)).outcome.hazards).toHaveLength(all);
    const renamed = Object.fromEntries(Object.entries(shop).map(([path, text]) => [`other/${path}`, text]));
    await expectAsFromScratch(renamed);
    await expectAsFromScratch(Object.fromEntries(Object.entries(shop).toReversed()));
    const guarded = { "m.py": "x = {}\ndef f(k, gate):\n    with gate:\n        if k not in x:\n            x[k] = 1\n" };
    const before = (await run(guarded)).outcome.coverage.lockSpans;
    expect((await run(guarded, { lockNames: ["gate"] })).outcome.coverage.lockSpans).toBeGreaterThan(before);
  });

  it("is that of a run from scratch after any edits", async () => {
    const lines = [
      "from .a import K as Alias, f",
      "from .b import g",
      "class K(Alias):",
      "    table = {}  # guarded by lock",
      "    def m(self, p, q):",
      "        if p not in self.table:",
      "            self.table[p] = q",
      "        self.count += 1",
      "        return g(self, p)",
      "def f(p):",
      "    p.count += 1",
      "    if p.other is None: p.other = K()",
      "def g(p, q):",
      "    for each in p.table: f(each)",
      "z = K()",
      "z.m({}, f(z))",
    ];
    const text = fc.subarray(lines, { minLength: 8 }).map((chosen) => `${chosen.join("\n")}\n`);
    const sources = fc.record({ "p/a.py": text, "p/b.py": text, "p/c.py": text }, { requiredKeys: [] }) as fc.Arbitrary<Sources>;
    await fc.assert(
      fc.asyncProperty(sources, fc.array(sources, { minLength: 1, maxLength: 4 }), async (first, edits) => {
        let now = first;
        expect(edits).not.toHaveLength(0);
        for (const edit of [{}, ...edits]) {
          now = { ...now, ...edit };
          await expectAsFromScratch(now);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("an audit after edits that linking does not see", () => {
  const modules: Sources = {
    "p/store.py": [
      "import threading",
      "table = {}",
      "class Store:",
      "    def __init__(self):",
      "        self.count = 0",
      "        self.parts = {}",
      "    def add(self, key):",
      "        self.count += 1",
      "        if key not in self.parts:",
      "            self.parts[key] = Part(self)",
      "        return self._last(key)",
      "    def _last(self, key):",
      "        return self.parts[key]",
      "class Part:",
      "    def __init__(self, store):",
      "        self.store = store",
      "",
    ].join("\n"),
    "p/use.py": [
      "from .store import Store, table",
      "class Special(Store):",
      "    def clear(self):",
      "        for key in self.parts: print(key)",
      "        self.parts.clear()",
      "shared = Special()",
      "def note(name):",
      "    if name not in table: table[name] = shared.add(name)",
      "    shared.count += 1",
      "",
    ].join("\n"),
    "p/locks.py": [
      "import threading",
      "class A:",
      "    def __init__(self):",
      "        self.one = threading.Lock()",
      "        self.two = threading.Lock()",
      "    def there(self):",
      "        with self.one:",
      "            with self.two: pass",
      "    def back(self):",
      "        with self.two:",
      "            with self.one: pass",
      "",
    ].join("\n"),
  };
  const edited = (path: string, before: string, after: string): Sources => ({ ...modules, [path]: (modules[path] ?? "").replace(before, after) });

  async function expectKept(after: Sources): Promise<boolean> {
    const kept: unknown[] = [];
    await run(modules);
    const { outcome } = await run(after, { afterwards: (work) => (kept.push(work), work()) });
    expect(outcomeOf(outcome)).toEqual(outcomeOf(auditSources(filesOf(after))));
    // The result, which is kept each time; after a whole audit, facts and what linking found out as well.
    return kept.length === 1;
  }

  it.each([
    ["a comment", edited("p/store.py", "class Store:", "# new\nclass Store:")],
    ["a statement", edited("p/store.py", "        self.count += 1", "        print(key)\n        self.count += 1")],
    ["an access like another one", edited("p/use.py", "    shared.count += 1", "    shared.count += 1\n    if name: shared.count += 1")],
    ["other text", edited("p/use.py", "self.parts: print(key)", "self.parts: print([key])")],
    ["a function", edited("p/store.py", "class Store", "def edited(items={}):\n    if 1 not in items: items[1] = 2\n    return items\nclass Store")],
    ["a global", edited("p/use.py", "shared =", "edited = True\nshared =")],
    ["lines at the end of a file with locks", edited("p/locks.py", "with self.one: pass\n", "with self.one: pass\nedited = True\n")],
  ])("%s looks at what is near and finds what there is", async (_, after) => {
    expect(auditSources(filesOf(modules)).hazards.length).toBeGreaterThan(5);
    expect(await expectKept(after)).toBe(true);
  });

  it.each([
    ["a new access", edited("p/use.py", "    shared.count += 1", "    shared.parts = {}")],
    ["a new method", edited("p/use.py", "    def clear", "    def drop(self): self.parts.pop(1)\n    def clear")],
    ["a lock", edited("p/locks.py", "            with self.two: pass", "            pass")],
    ["a function that makes an object", edited("p/use.py", "shared =", "def edited(): return Special()\nshared =")],
    ["a function that touches one", edited("p/use.py", "shared =", "def edited(): shared.count += 1\nshared =")],
    ["a call", edited("p/use.py", "    shared.count += 1", "    shared.clear()")],
    ["a thread", edited("p/use.py", "    shared.count += 1", "    import threading; threading.Thread(target=note).start()")],
    ["another base", edited("p/use.py", "(Store)", "(dict)")],
    ["lines before locks", edited("p/locks.py", "import threading", "import threading\nedited = True")],
  ])("%s makes it look at everything", async (_, after) => {
    expect(await expectKept(after)).toBe(false);
  });

  it("finds what there is after any of them", async () => {
    const lines = [
      "# new",
      "print(1)",
      "edited = 1",
      "",
      "shared.count += 1",
      "self.count += 1",
      "if key: pass",
      "x = self.parts",
      "for key in self.parts: print(key)",
    ];
    const edit = fc.record({ path: fc.constantFrom(...Object.keys(modules)), at: fc.nat(20), line: fc.constantFrom(...lines) });
    let near = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 2 }), async (edits) => {
        const now = { ...modules };
        for (const { path, at, line } of edits) {
          const text = (now[path] ?? "").split("\n");
          const place = at % text.length;
          now[path] = text.toSpliced(place, 0, `${/^\s*/.exec(text[place] ?? "")?.[0] ?? ""}${line}`).join("\n");
        }
        near += (await expectKept(now)) ? 1 : 0;
      }),
      { numRuns: 40 },
    );
    expect(near).toBeGreaterThan(0);
  });
});
