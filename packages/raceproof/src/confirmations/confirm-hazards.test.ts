// Hazards of a small package on real interpreters: each failure goes to the hazard it belongs to, and to no other.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Confirmation, DriverText, Hazard } from "../vocabulary/index.ts";
import { confirmHazards } from "./confirm-hazards.ts";
import { driver, DRIVERS, hazard, SOURCE } from "./fixtures/store-package.ts";
import { type ConfirmationOptions, defaultBudget } from "./confirmation-options.ts";
import { discoverRuntimes } from "./runtimes/discover-runtimes.ts";

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
      driverless: "clean-within-bound",
    });
    expect(progress.map((text) => text.split(" ")[0])).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
    expect(unmatched).toEqual([]);
    expect(confirmations.get("iteration")?.witness?.failure).toEqual({ kind: "exception", summary: "RuntimeError@store:Store.total" });
    expect(confirmations.get("lost-count")?.drivers).toEqual([
      { name: "broken", result: expect.stringContaining("discarded: every operation raises in every serial order (AttributeError"), end: "discarded" },
      { name: "add-add", result: "confirmed: a final state that no serial order gives", end: "confirmed", schedules: expect.any(Number) },
    ]);
    expect(confirmations.get("lost-count")?.runtimes.map(({ runtime: on, failing, repeats }) => [on, failing, repeats])).toEqual([
      [runtime.id, 40, 40],
      [other.id, 20, 20],
    ]);
    expect(confirmations.get("unreached")?.drivers[0]?.result).toMatch(/^the hazard's accesses|^does not reach/);
    expect(confirmations.get("driverless")?.drivers).toMatchObject([{ name: "hit-hit", end: "searched" }]);
  });

  it("tries one preemption on every driver before more on any", async () => {
    const { confirmations } = await confirm([lostCount], { "lost-count": ["held-add", "add-add"] }, { replayOn: [] });
    const found = confirmations.get("lost-count");
    expect(found?.drivers).toEqual([
      { name: "held-add", result: "nothing failed with up to 1 preemption; not searched further", end: "searched", schedules: expect.any(Number) },
      { name: "add-add", result: "confirmed: a final state that no serial order gives", end: "confirmed", schedules: expect.any(Number) },
    ]);
    expect(found?.rungs.map(({ bound }) => bound)).toEqual([0, 1, 0, 1]);
    const [played, counted] = [found?.rungs ?? [], found?.drivers ?? []].map((list) => list.reduce((sum, { schedules = 0 }) => sum + schedules, 0));
    expect(counted).toBe(played);
  });

  it("gives a failure that turned up elsewhere to the hazard it belongs to, whether that was explored before or not", async () => {
    const drivers = { unreached: ["add-add"], "lost-count": ["hit-hit"] };
    const elsewhere = { name: "add-add", result: expect.stringContaining("written for another hazard") };
    const after = await confirm([lostCount, unreached], drivers, { workers: 1, replayOn: [] });
    expect(after.confirmations.get("lost-count")).toMatchObject({ verdict: "confirmed", drivers: [{ name: "add-add", end: "confirmed" }] });
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
