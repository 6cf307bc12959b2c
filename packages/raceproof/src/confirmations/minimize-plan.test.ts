// Minimizing against made-up programs that say which plans fail.
import { describe, expect, it } from "vitest";
import type { Plan, PlanStep } from "../vocabulary/index.ts";
import { minimizePlan } from "./minimize-plan.ts";

function stop(thread: number, site: string, occurrence = 1): PlanStep {
  return { thread, until: { site, occurrence } };
}

function end(thread: number): PlanStep {
  return { thread, until: null };
}

const noAccesses = (): Promise<readonly never[]> => Promise.resolve([]);
const has = (plan: Plan, site: string, allowed: (occurrence: number) => boolean): boolean =>
  plan.some(({ until }) => until?.site === site && allowed(until.occurrence));

describe("minimizing a plan", () => {
  it("drops what is not needed and never leaves one thread twice in a row", async () => {
    const plan = [stop(0, "a"), stop(1, "b"), stop(0, "c"), stop(1, "d"), end(0), end(1)];
    const result = await minimizePlan(plan, (candidate) => Promise.resolve(has(candidate, "c", () => true)), noAccesses);
    expect(result).toEqual([stop(0, "c")]);
  });

  it("slides each stop to its smallest occurrence that fails", async () => {
    const plan = [stop(0, "a", 9), stop(1, "b", 4), end(0), end(1)];
    const result = await minimizePlan(
      plan,
      (candidate) => Promise.resolve(candidate.length === 4 && has(candidate, "a", (n) => n >= 3) && has(candidate, "b", (n) => n === 1 || n === 4)),
      noAccesses,
    );
    expect(result).toEqual([stop(0, "a", 3), stop(1, "b", 1), end(0), end(1)]);
  });

  it("keeps a plan that cannot be smaller", async () => {
    const plan = [stop(0, "a"), end(1), end(0)];
    expect(await minimizePlan(plan, (candidate) => Promise.resolve(JSON.stringify(candidate) === JSON.stringify(plan)), noAccesses)).toEqual(plan);
  });

  it("moves a stop to an access beside it that comes for the first time, within the window that fails", async () => {
    const accesses = ["far", "probe", "probe", "probe", "found", "late"].map((site, index, all) => ({
      site,
      occurrence: all.slice(0, index + 1).filter((each) => each === site).length,
    }));
    const fails = (candidate: Plan): boolean =>
      candidate.length === 3 && (has(candidate, "probe", (n) => n === 3) || has(candidate, "found", () => true) || has(candidate, "far", () => true));
    const plan = [stop(0, "probe", 3), end(1), end(0)];
    const result = await minimizePlan(
      plan,
      (candidate) => Promise.resolve(fails(candidate)),
      () => Promise.resolve(accesses),
    );
    expect(result).toEqual([stop(0, "found"), end(1), end(0)]);
  });
});
