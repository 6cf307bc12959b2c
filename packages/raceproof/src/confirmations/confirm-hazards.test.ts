// Hazards of a small package on real interpreters: each failure goes to the hazard it belongs to, and to no other.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Confirmation, DriverText, Hazard } from "../vocabulary/index.ts";
import { confirmHazards } from "./confirm-hazards.ts";
import { driver, DRIVERS, hazard, SOURCE } from "./fixtures/store-package.ts";
import { type ConfirmationOptions, defaultBudget } from "./confirmation-options.ts";
import { replayWitness, type WitnessReplay } from "./replay-witness.ts";
import { discoverRuntimes } from "./runtimes/discover-runtimes.ts";
import { decodeWitness, encodeWitness } from "./witness-codec.ts";

const root = mkdtempSync(join(tmpdir(), "raceproof-store-"));
writeFileSync(join(root, "store.py"), SOURCE);
afterAll(() => rmSync(root, { recursive: true }));

const { runtimes } = await discoverRuntimes();
const runtime = runtimes[0];
const other = runtimes.at(-1);
if (runtime === undefined || other === undefined) throw new Error("no Python to test with");
const options: ConfirmationOptions = {
  subject: { specification: "store", root, importPaths: [root], instrument: ["store"] },
  runtime,
  budget: defaultBudget,
  workers: 2,
  replayOn: [other],
};

const lostCount = hazard("lost-count", "count", "add self.count += 1: update");
const iteration = hazard("iteration", "entries", "total for value in: iterate", "add self.entries[name] = 0: write");
const locked = hazard("locked", "hits", "hit self.hits += 1: update");
const snapshot = hazard("snapshot", "entries", "names tuple(self.entries): iterate", "add self.entries[name] = 0: write");
const unreached = hazard("unreached", "count", "never self.count -= 1: update", "add self.count += 1: update");

async function confirm(
  hazards: readonly Hazard[],
  drivers: Readonly<Record<string, readonly string[]>>,
  changes: Partial<ConfirmationOptions> = {},
): Promise<{ confirmations: ReadonlyMap<string, Confirmation>; unmatched: readonly string[]; progress: string[] }> {
  const progress: string[] = [];
  const driversFor = ({ id }: Hazard): DriverText[] => (drivers[id] ?? []).map((name) => ({ name, source: DRIVERS[name] ?? "" }));
  const { confirmations, unmatched } = await confirmHazards(
    hazards,
    driversFor,
    { ...options, ...changes },
    {
      onProgress: ({ hazard: one, confirmation, done, total }) => progress.push(`${done}/${total} ${one.id} ${confirmation.verdict}`),
    },
  );
  return { confirmations, unmatched: unmatched.map(({ failure }) => failure.summary), progress };
}

describe("confirming hazards", () => {
  it("gives every hazard its verdict", async () => {
    const drivers = { "lost-count": ["broken", "add-add"], iteration: ["add-total"], locked: ["hit-hit"], unreached: ["add-add"], driverless: [] };
    const { confirmations, progress, unmatched } = await confirm([lostCount, iteration, locked, unreached, { ...locked, id: "driverless" }], drivers);
    expect(Object.fromEntries([...confirmations].map(([id, { verdict }]) => [id, verdict]))).toEqual({
      "lost-count": "confirmed",
      iteration: "confirmed",
      locked: "clean-within-bound",
      unreached: "not-reproduced",
      driverless: "unproven",
    });
    expect(progress.map((text) => text.split(" ")[0])).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
    expect(unmatched).toEqual([]);
    expect(confirmations.get("iteration")?.witness?.failure).toEqual({ kind: "exception", summary: "RuntimeError@store:Store.total" });
    expect(confirmations.get("lost-count")?.drivers).toEqual([
      { name: "broken", result: expect.stringContaining("discarded: every operation raises in every serial order (AttributeError"), end: "discarded" },
      { name: "add-add", result: "confirmed: a final state that no serial order gives", end: "confirmed" },
    ]);
    expect(confirmations.get("lost-count")?.runtimes.map(({ runtime: on, failing, repeats }) => [on, failing, repeats])).toEqual([
      [runtime.id, 40, 40],
      [other.id, 20, 20],
    ]);
    expect(confirmations.get("unreached")?.drivers[0]?.result).toMatch(/^the hazard's accesses|^does not reach/);
  });

  it("gives a failure that turned up elsewhere to the hazard it belongs to, whether that was explored before or not", async () => {
    const drivers = { unreached: ["add-add"], "lost-count": ["hit-hit"] };
    const elsewhere = { name: "add-add", result: expect.stringContaining("written for another hazard") };
    const after = await confirm([lostCount, unreached], drivers, { workers: 1, replayOn: [] });
    expect(after.confirmations.get("lost-count")).toMatchObject({ verdict: "confirmed", drivers: [{ name: "hit-hit" }, elsewhere] });
    const before = await confirm([unreached, lostCount], drivers, { workers: 1, replayOn: [] });
    expect(before.confirmations.get("lost-count")).toMatchObject({ verdict: "confirmed", drivers: [elsewhere] });
    expect(before.confirmations.get("unreached")?.verdict).toBe("not-reproduced");
  });

  it("tries what can only go wrong inside C code under the model of the families where it does", async () => {
    const hazards: Hazard[] = [
      { ...snapshot, reachableOn: ["free-threaded"] },
      { ...snapshot, id: "unknown" },
    ];
    const { confirmations } = await confirm(hazards, { snapshot: ["add-names"], unknown: ["add-names"] });
    expect(confirmations.get("unknown")).toMatchObject({ verdict: "clean-within-bound" });
    const found = confirmations.get("snapshot");
    expect(found).toMatchObject({ verdict: "confirmed", witness: { model: "free-threaded", failure: { summary: "RuntimeError@store:Store.names" } } });
    expect(found?.reason).toMatch(/^under the model of free-threaded CPython: RuntimeError/);
    expect(found?.runtimes.map(({ runtime: on, failing, repeats }) => [on, failing, repeats])).toEqual([
      [runtime.id, 40, 40],
      [other.id, 20, 20],
    ]);
  });

  it("keeps proved failures that no hazard explains", async () => {
    const { unmatched } = await confirm([locked], { locked: ["add-total"] }, { replayOn: [] });
    expect(unmatched).toContain("RuntimeError@store:Store.total");
  });

  it("lists what it was stopped before, and does not keep that", async () => {
    const kept: string[] = [];
    const keep = (id: string): void => void kept.push(id);
    const { confirmations, cut } = await confirmHazards(
      [lostCount],
      () => [],
      { ...options, signal: AbortSignal.abort("interrupted") },
      { onProgress: () => undefined, keep },
    );
    expect(confirmations.get("lost-count")).toMatchObject({ verdict: "unproven", reason: "not explored: interrupted" });
    expect(cut).toEqual({ hazards: 1, reason: "interrupted" });
    const late = await confirmHazards([lostCount], () => [], { ...options, searchUntil: 0 }, { onProgress: () => undefined, keep });
    expect(late.confirmations.get("lost-count")).toMatchObject({ verdict: "unproven", reason: "not explored: budget" });
    expect(kept).toEqual([]);
  });

  it("ends what is running when it is stopped, and calls nothing of that a failure", async () => {
    const stop = new AbortController();
    const driversFor = (): DriverText[] => {
      setTimeout(() => stop.abort("interrupted"), 300);
      return [{ name: "endless", source: driver("import time; [None for _ in iter(int, 1)]", "store.hit()") }];
    };
    const { confirmations } = await confirmHazards([locked], driversFor, { ...options, signal: stop.signal }, { onProgress: () => undefined });
    expect(confirmations.get("locked")?.verdict).not.toBe("confirmed");
    expect(confirmations.get("locked")?.reason).toMatch(/^not explored/);
  });

  it("takes over what an earlier run knew", async () => {
    const kept = new Map<string, Confirmation>();
    const keep = (id: string, confirmation: Confirmation): void => void kept.set(id, confirmation);
    const drivers = (): DriverText[] => [{ name: "add-add", source: DRIVERS["add-add"] ?? "" }];
    await confirmHazards([lostCount], drivers, options, { onProgress: () => undefined, keep });
    const again = await confirmHazards(
      [lostCount],
      () => {
        throw new Error("it is known");
      },
      options,
      { onProgress: () => undefined, known: kept },
    );
    expect(again.confirmations.get("lost-count")).toEqual(kept.get("lost-count"));
    expect(again.confirmations.get("lost-count")?.runtimes).toHaveLength(2);
  });
});

describe("replaying a witness", async () => {
  const { confirmations } = await confirm([iteration], { iteration: ["add-total"] }, { replayOn: [] });
  const witness = confirmations.get("iteration")?.witness;
  if (witness === undefined) throw new Error("nothing to replay");

  async function replayOn(change: (source: string) => string): Promise<WitnessReplay> {
    const folder = mkdtempSync(join(tmpdir(), "raceproof-changed-"));
    try {
      cpSync(root, folder, { recursive: true });
      writeFileSync(join(folder, "store.py"), change(readFileSync(join(root, "store.py"), "utf8")));
      const subject = { ...options.subject, root: folder, importPaths: [folder] };
      return await replayWitness(decodeWitness(encodeWitness(witness as NonNullable<typeof witness>)), {
        subject,
        runtime: other as NonNullable<typeof other>,
        times: 50,
        hashSeed: 99,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it("fails every time on the same source, elsewhere too, and after lines moved", async () => {
    expect(await replayOn((source) => source)).toMatchObject({ verdict: "reproduced", reproduced: 50, reached: 50 });
    expect(await replayOn((source) => `# one\n# two\n${source}`)).toMatchObject({ verdict: "reproduced", reproduced: 50, reached: 50 });
  });

  it("passes once the cause is gone but its place is still there", async () => {
    const repaired = await replayOn((source) => source.replace("self.entries[name] = 0", "self.entries = {**self.entries, name: 0}"));
    expect(repaired).toMatchObject({ verdict: "passed", reproduced: 0, reached: 50, reason: "the outcome is that of a serial order" });
  });

  it("passes once a lock keeps the threads apart", async () => {
    const guarded = await replayOn((source) =>
      source
        .replace("        self.entries[name] = 0\n", "        with self._lock:\n            self.entries[name] = 0\n")
        .replace(/ {8}for value in self.*\n.*\n/, (loop) => `        with self._lock:\n${loop.replaceAll(/^(?=.)/gm, "    ")}`),
    );
    expect(guarded).toMatchObject({ verdict: "passed", reproduced: 0, reason: expect.stringContaining("serial order") });
  });

  it("shows what was read and written meanwhile", async () => {
    const { seen } = await replayOn((source) => source);
    expect(seen?.trace.filter(({ read, wrote }) => read !== undefined || wrote !== undefined)).not.toHaveLength(0);
  });

  it("names the place that is gone", async () => {
    const gone = await replayOn((source) => source.replace("for value in self.entries.values()", "for value in tuple(self.entries.copy())"));
    expect(gone).toMatchObject({
      verdict: "stale",
      reproduced: 0,
      reached: 0,
      reason: expect.stringMatching(/^the source of store has changed since it was recorded, and there is no store:Store\.total:iterate:self\.entries/),
    });
  });

  it("says why nothing could be played", async () => {
    expect(await replayOn(() => "import a_module_that_nobody_has\n")).toMatchObject({
      verdict: "not-reached",
      reason: expect.stringContaining("import failed"),
    });
  });
});
