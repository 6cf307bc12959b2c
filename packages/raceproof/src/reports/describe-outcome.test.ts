// Outcomes in words, and what serial orders are compared by.
import { describe, expect, it } from "vitest";
import type { Witness } from "../vocabulary/index.ts";
import { compareOutcomes, describeEnding, describeResult } from "./describe-outcome.ts";
import { sampleWitness } from "./fixtures/sample-report.ts";

const withStates = (states: readonly string[]): Witness => ({
  ...sampleWitness,
  outcome: { ...sampleWitness.outcome, state: states[0] ?? "" },
  serial: states.slice(1).map((state, index) => ({ order: index % 2 === 0 ? [0, 1] : [1, 0], threads: sampleWitness.outcome.threads, state })),
});

describe("compareOutcomes", () => {
  it("lists the interleaving first, then each serial order", () => {
    expect(compareOutcomes(sampleWitness).map((row) => [row.run, ...row.results])).toEqual([
      ["this interleaving", "returns 1", "returns 1"],
      ["A, then B", "returns 1", "returns 2"],
      ["B, then A", "returns 2", "returns 1"],
    ]);
  });

  it("cuts long states down to what differs", () => {
    const frame = "x".repeat(500);
    const states = compareOutcomes(withStates([`${frame}1${frame}`, `${frame}23${frame}`])).map((row) => row.state);
    expect(states).toEqual([`…${"x".repeat(24)}1${"x".repeat(24)}…`, `…${"x".repeat(24)}23${"x".repeat(24)}…`]);
  });

  it("merges serial orders that give the same, and never the interleaving with one", () => {
    expect(compareOutcomes(withStates(["a", "b", "b"])).map((row) => row.run)).toEqual(["this interleaving", "A, then B; B, then A"]);
    expect(compareOutcomes(withStates(["a", "a"])).map((row) => [row.run, row.state])).toEqual([
      ["this interleaving", undefined],
      ["A, then B", undefined],
    ]);
  });

  it("finds the difference when one state is the beginning of another", () => {
    expect(compareOutcomes(withStates(["aa", "aaa"])).map((row) => row.state)).toEqual(["aa", "aaa"]);
  });
});

describe("describeResult and describeEnding", () => {
  it("say what a person would", () => {
    expect(describeResult({ status: "returned", value: "[1,\n 2]" })).toBe("returns [1,  2]");
    expect(describeResult({ status: "raised", exception: "KeyError", where: "", message: "", domain: true, traceback: [] })).toBe("raises KeyError");
    expect(describeEnding(sampleWitness.outcome)).toBeUndefined();
    expect(describeEnding({ ...sampleWitness.outcome, ending: "deadlock", detail: "A waits for L2, B for L1" })).toBe("deadlock: A waits for L2, B for L1");
  });
});
