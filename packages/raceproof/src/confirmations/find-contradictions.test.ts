// Pretended rows and answers: which of them contradict each other, and which only seem to.
import { describe, expect, it } from "vitest";
import type { Confirmation, FamilyReach, RuntimeRow, StressFailure, Witness } from "../vocabulary/index.ts";
import { findContradictions } from "./find-contradictions.ts";

const failure = { kind: "exception", summary: "IndexError@pkg:Pool.take" } as const;
const excluded: FamilyReach = { family: "gil", verdict: "excluded", by: "search", schedules: 84, hits: 0, bound: 2, runtime: "cpython-3.12.1" };
const reached: FamilyReach = { family: "gil", verdict: "reached", by: "replay", schedules: 20, hits: 20, runtime: "cpython-3.12.1" };

function rowOn(runtime: string, failures: readonly Partial<StressFailure>[], oneThread = 0): RuntimeRow {
  const full = failures.map((each) => ({ ...failure, repeats: 3, workers: 1, traceback: [], ...each }));
  const controls = [{ arm: "one thread", failing: oneThread, repeats: 4 } as const];
  return { runtime, failing: full.length === 0 ? 0 : 3, repeats: 20, stress: { threads: 8, rounds: 100, failures: full, controls } };
}

function confirmation(reachability: readonly FamilyReach[], runtimes: readonly RuntimeRow[]): Confirmation {
  const witness = { failure } as unknown as Witness;
  return { verdict: "confirmed", reason: "", witness, rungs: [], runtimes, reachability, uncontrolled: [], drivers: [] };
}

describe("findContradictions", () => {
  it("tells of real threads that do what the model leaves out", () => {
    const [sentence, ...more] = findContradictions(confirmation([excluded], [rowOn("cpython-3.11.7", [{}])]));
    expect(sentence).toContain("IndexError@pkg:Pool.take: 3 of 20 repeats with real threads on cpython-3.11.7");
    expect(sentence).toContain("84 schedules with up to 2 preemptions");
    expect(more).toEqual([]);
  });

  it.each([
    ["another family", [excluded], [rowOn("cpython-3.13.5t", [{}]), rowOn("pypy-3.9.16", [{}]), rowOn("cpython-3.9.18", [{}])]],
    ["another failure", [excluded], [rowOn("cpython-3.11.7", [{ summary: "KeyError@pkg:Pool.put" }])]],
    ["a failure that needs no threads", [excluded], [rowOn("cpython-3.11.7", [{}], 1)]],
    ["no failure", [excluded], [rowOn("cpython-3.11.7", [])]],
    ["a model that reaches it", [reached], [rowOn("cpython-3.11.7", [{}])]],
    ["a model that says nothing", [{ ...excluded, verdict: "not-reached" as const }], [rowOn("cpython-3.11.7", [{}])]],
    ["a replay, which plays other switch points", [excluded], [{ runtime: "cpython-3.11.7", failing: 20, repeats: 20, reached: 20 }]],
  ])("is silent about %s", (_, reachability, runtimes) => {
    expect(findContradictions(confirmation(reachability, runtimes))).toEqual([]);
  });

  it("tells of a model that reaches what the table calls atomic", () => {
    expect(findContradictions(confirmation([reached], []), ["gil-3.9", "pypy"])[0]).toContain("CPython 3.10 and later with the GIL reaches it");
    expect(findContradictions(confirmation([reached], []), ["gil"])).toEqual([]);
    expect(findContradictions(confirmation([excluded], []), ["pypy"])).toEqual([]);
  });
});
