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
