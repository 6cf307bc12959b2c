// The search on a pretended agent that plays a model of two threads exactly: what each way of ending becomes as a verdict.
// (Real interpreters are in litmus/.)
import { describe, expect, it } from "vitest";
import type { Runtime } from "../vocabulary/index.ts";
import { AgentFailure, type AgentFailureReason } from "./agent-failure.ts";
import { confirmDriver } from "./confirm-driver.ts";
import { type ConfirmationOptions, defaultBudget } from "./confirmation-options.ts";
import { type Behavior, increments, PretendedAgent } from "./fixtures/pretended-agent.ts";

const runtime: Runtime = { id: "cpython-3.99.0", implementation: "cpython", version: "3.99.0", freeThreaded: false, executable: "/nowhere", origin: "path" };

function confirm(behavior: Behavior, changes: Partial<ConfirmationOptions["budget"]> = {}, signal?: AbortSignal): ReturnType<typeof confirmDriver> {
  const subject = { specification: "model", root: "/", importPaths: ["/"], instrument: ["m"] };
  const options: ConfirmationOptions = {
    subject,
    runtime,
    budget: { ...defaultBudget, drawn: 0, ...changes },
    workers: 1,
    replayOn: [],
    ...(signal === undefined ? {} : { signal }),
  };
  return confirmDriver({ name: "model", source: "" }, options, () => new PretendedAgent(behavior));
}

const racy = [increments(2), increments(2)];
const died = (signal: string | null, code: number | null): never => {
  throw new AgentFailure({ kind: "exited", code, signal, stderrTail: "", progress: 0 });
};

describe("confirming a driver", () => {
  it("finds a lost update with one preemption and replays it", async () => {
    const { verdict, witness, rungs, runtimes, drivers } = await confirm({ threads: racy });
    expect(verdict).toBe("confirmed");
    expect(witness?.plan).toEqual([
      { thread: 0, until: { site: "store", occurrence: 1 } },
      { thread: 1, until: null },
    ]);
    expect(witness?.failure).toEqual({ kind: "outcome", summary: "a final state that no serial order gives" });
    expect(witness?.serial.map(({ order, state }) => [order, state])).toEqual([
      [[0, 1], "4"],
      [[1, 0], "4"],
    ]);
    expect(witness?.trace.map(({ thread, site }) => `${thread} ${site}`).slice(0, 4)).toEqual(["0 @operation", "0 load", "1 @operation", "1 load"]);
    expect(rungs.map(({ bound, schedules, exhausted }) => [bound, schedules, exhausted])).toEqual([
      [0, 2, true],
      [1, 8, true],
      [2, 32, true],
    ]);
    expect(runtimes).toEqual([
      { runtime: "cpython-3.99.0", failing: 40, repeats: 40, reached: 40, note: "20 in one process, 20 in another one with another hash seed" },
    ]);
    expect(drivers).toEqual([{ name: "model", result: "confirmed: a final state that no serial order gives", schedules: 42, end: "confirmed" }]);
  });

  it("calls a correct program clean only within the bound, with its numbers", async () => {
    const { verdict, reason, rungs } = await confirm({ threads: [increments(2), [{ site: "load", run: () => undefined }]] });
    expect(verdict).toBe("clean-within-bound");
    expect(reason).toBe("every schedule with up to 2 preemptions gave the outcome of a serial order (15 schedules, 1 drivers)");
    expect(rungs.every(({ exhausted }) => exhausted)).toBe(true);
  });

  it("adds a certificate when every interleaving was covered, and draws nothing then", async () => {
    const load = { site: "load", run: () => undefined };
    const { verdict, reason, rungs } = await confirm({ threads: [[load, load], [load]] }, { drawn: 30 });
    expect(verdict).toBe("clean-within-bound");
    expect(reason).toContain("; certificate for 1 of them: 1 traces cover every interleaving of the accesses the agent sees");
    expect(rungs.map(({ search, schedules, exhausted }) => [search, schedules, exhausted]).slice(3)).toEqual([["certificate", 1, true]]);
  });

  it("finds what lies beyond its bounds by covering every interleaving", async () => {
    const { verdict, witness, rungs } = await confirm({ threads: [increments(1), increments(1)] }, { bound: 0, drawn: 30 });
    expect(verdict).toBe("confirmed");
    expect(witness?.preemptions).toBe(1);
    expect(rungs.map(({ search, exhausted }) => [search, exhausted])).toEqual([
      [undefined, true],
      ["certificate", true],
    ]);
  });

  it("samples a driver that is too large for a certificate, and claims nothing for it", async () => {
    const loads = Array.from({ length: 40 }, () => ({ site: "load", run: () => undefined }));
    const { reason, rungs } = await confirm({ threads: [loads, loads] }, { bound: 1, drawn: 30 });
    expect(reason).not.toContain("certificate");
    expect(rungs.slice(2).map(({ strategy, search, schedules, exhausted }) => [strategy.split(" ")[0], search, schedules, exhausted])).toEqual(
      ["PCT,", "PCT,", "POS", "URW"].map((name) => [name, "drawn", 30, false]),
    );
  });

  it("does not call a program clean when the budget ends first", async () => {
    const safe = [increments(20), [{ site: "load", run: () => undefined }]];
    const { verdict, rungs } = await confirm({ threads: safe }, { schedulesPerRung: 10 });
    expect(verdict).toBe("not-reproduced");
    expect(rungs.map(({ bound, schedules, exhausted }) => [bound, schedules, exhausted])).toEqual([
      [0, 2, true],
      [1, 10, false],
    ]);
    expect((await confirm({ threads: safe }, { secondsPerHazard: 0 })).verdict).toBe("not-reproduced");
  });

  it("does not pass executions in which a thread ran on by itself", async () => {
    const { verdict, uncontrolled } = await confirm({ threads: [increments(1), []], uncontrolled: () => true });
    expect(verdict).toBe("inconclusive");
    expect(uncontrolled).toHaveLength(1);
  });

  it("does not pass executions that do not end", async () => {
    const { verdict, reason } = await confirm({ threads: racy, onEnd: (value) => (value === 4 ? "finished" : "hang") });
    expect([verdict, reason]).toEqual(["inconclusive", "an execution did not end"]);
  });

  it("reports deadlocks and broken invariants that no serial order shows", async () => {
    expect((await confirm({ threads: racy, onEnd: (value) => (value === 4 ? "finished" : "deadlock") })).witness?.failure.kind).toBe("deadlock");
    expect((await confirm({ threads: racy, onEnd: (value) => (value === 4 ? "finished" : "invariant") })).witness?.failure.kind).toBe("invariant");
  });

  it("names the signal of a crash that only an interleaving causes", async () => {
    const { verdict, witness, runtimes } = await confirm({ threads: racy, onEnd: (value) => (value === 4 ? undefined : died("SIGSEGV", null)) });
    expect(verdict).toBe("confirmed");
    expect(witness?.failure).toEqual({ kind: "crash", summary: "SIGSEGV" });
    expect(witness?.plan.map(({ thread, until }) => [thread, until?.site])).toEqual([
      [0, "store"],
      [1, undefined],
      [0, undefined],
    ]);
    expect(runtimes).toEqual([{ runtime: "cpython-3.99.0", failing: 5, repeats: 5, reached: 5, note: "5 fresh processes", signal: "SIGSEGV" }]);
  });

  it.each([
    ["a status", null, 3, "the process ended with status 3"],
    ["being killed", "SIGKILL", null, "the process ended by SIGKILL"],
  ])("proves nothing by an end with %s", async (_, signal, code, reason) => {
    const confirmation = await confirm({ threads: racy, onEnd: (value) => (value === 4 ? undefined : died(signal, code)) });
    expect([confirmation.verdict, confirmation.reason]).toEqual(["inconclusive", reason]);
  });

  it("does not confirm what fails only once", async () => {
    let failures = 0;
    const { verdict, witness } = await confirm({ threads: racy, onEnd: (value) => (value === 4 ? "finished" : failures++ === 0 ? "deadlock" : "hang") });
    expect([verdict, witness]).toEqual(["inconclusive", undefined]);
  });

  it("refuses to judge unstable serial orders, and discards drivers that cannot work", async () => {
    expect(await confirm({ threads: racy, stable: false })).toMatchObject({
      verdict: "inconclusive",
      reason: "one serial order gives different outcomes when repeated",
      rungs: [],
    });
    expect(await confirm({ threads: racy, onEnd: () => "hang" })).toMatchObject({
      verdict: "unproven",
      reason: "no driver was of use: discarded: a serial order does not end",
    });
    expect(await confirm({ threads: racy, onEnd: () => died("SIGABRT", null) })).toMatchObject({
      verdict: "unproven",
      reason: "no driver was of use: discarded: in a serial order: the process ended by SIGABRT",
    });
    const refuse: AgentFailureReason = { kind: "refused", because: "setup", message: "ValueError: no", traceback: "" };
    expect(await confirm({ threads: racy, refuse })).toMatchObject({
      verdict: "unproven",
      reason: "no driver was of use: discarded: setup() failed: ValueError: no",
    });
  });

  it("stops between batches when it is told to", async () => {
    expect(await confirm({ threads: racy }, {}, AbortSignal.abort())).toMatchObject({
      verdict: "not-reproduced",
      rungs: [{ bound: 0, schedules: 0, exhausted: false }],
    });
  });
});
