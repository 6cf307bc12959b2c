// Litmus programs under the models of four families, with real processes.
import { beforeAll, describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Confirmation, type FamilyReach, type Runtime, runtimeFamilies } from "../vocabulary/index.ts";
import { confirmDriver } from "./confirm-driver.ts";
import { defaultBudget } from "./confirmation-options.ts";
import { canPlay, reachOnFamilies } from "./reach-on-families.ts";
import { discoverRuntimes } from "./runtimes/discover-runtimes.ts";

const { runtimes } = await discoverRuntimes();
const watched = runtimes.find((runtime) => !runtime.freeThreaded && canPlay("gil", runtime));
const other = runtimes.find((runtime) => !canPlay("gil", runtime)) ?? watched;

async function reachOf(name: string, runtime: Runtime, others: readonly Runtime[]): Promise<readonly FamilyReach[]> {
  const root = fileURLToPath(new URL(`../../../../litmus/python/racy/${name}`, import.meta.url));
  const subject = { specification: name, root, importPaths: [root], instrument: ["subject"] };
  const options = { subject, runtime, budget: { ...defaultBudget, drawn: 0 }, workers: 2, replayOn: [] };
  const confirmation = await confirmDriver({ name, source: readFileSync(`${root}/driver.py`, "utf8") }, options);
  const asked = await reachOnFamilies(new Map([["it", confirmation]]), { options, families: runtimeFamilies, others, seconds: 60 });
  return (asked.get("it") as Confirmation).reachability ?? [];
}

const verdicts = (reachability: readonly FamilyReach[]): Record<string, string> =>
  Object.fromEntries(reachability.map(({ family, verdict }) => [family, verdict]));

describe.skipIf(watched === undefined)("reachOnFamilies (needs CPython 3.12 or later)", () => {
  const found = new Map<string, readonly FamilyReach[]>();
  beforeAll(async () => {
    for (const name of ["counter", "heap-check-pop", "dict-iterate"]) found.set(name, await reachOf(name, watched as Runtime, []));
  });

  it.each([
    ["counter", "excluded"],
    ["heap-check-pop", "excluded"],
    ["dict-iterate", "reached"],
  ])("%s with a GIL: %s, on the others reached", (name, gil) => {
    const answers = found.get(name) ?? [];
    expect(verdicts(answers)).toEqual({ "gil-3.9": "reached", gil, "free-threaded": "reached", pypy: "reached" });
    for (const { verdict, schedules, hits, bound, traces } of answers) {
      expect(schedules).toBeGreaterThan(0);
      expect(hits > 0).toBe(verdict === "reached");
      expect(bound).toBe(verdict === "excluded" ? 2 : undefined);
      // Two serial orders are all there are; without sleeping threads one of them is played twice.
      expect(traces).toBe(verdict === "excluded" ? 3 : undefined);
    }
  });

  it("plays the model on another interpreter when the chosen one cannot", async () => {
    const answers = await reachOf("counter", other as Runtime, [watched as Runtime]);
    expect(answers.find(({ family }) => family === "gil")).toMatchObject({ verdict: "excluded", runtime: watched?.id });
  });
});

describe("reachOnFamilies without an interpreter for it", () => {
  it.skipIf(other === undefined || other === watched)("says that nothing was tried", async () => {
    const gil = (await reachOf("counter", other as Runtime, [])).find(({ family }) => family === "gil");
    expect(gil).toMatchObject({ verdict: "untried", note: "its model needs CPython 3.12 or later" });
  });
});
