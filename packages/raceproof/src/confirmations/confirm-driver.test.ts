// The search on a pretended agent that plays a model of two threads exactly: what each way of ending becomes as a verdict.
// (Real interpreters are in litmus/.)
import { describe, expect, it } from "vitest";
import type { Outcome, Plan, Runtime, Schedule, TraceEvent } from "../vocabulary/index.ts";
import { AgentFailure, type AgentFailureReason } from "./agent-failure.ts";
import type { AgentCommand, AgentConnection, ExploreReply, FieldsOf, NameReply, ReplayReply, ReplyOf, SerialReply, SwitchSite } from "./agent-messages.ts";
import { confirmDriver } from "./confirm-driver.ts";
import { type ConfirmationOptions, defaultBudget } from "./confirmation-options.ts";

interface Memory {
  shared: number;
  readonly local: number[];
}

interface Step {
  readonly site: string;
  readonly run: (memory: Memory, thread: number) => void;
}

/** Each thread loads the counter and stores it plus one, `times` times. */
function increments(times: number): Step[] {
  return Array.from({ length: times }).flatMap(() => [
    { site: "load", run: (memory, thread) => void (memory.local[thread] = memory.shared) } satisfies Step,
    { site: "store", run: (memory, thread) => void (memory.shared = (memory.local[thread] ?? 0) + 1) } satisfies Step,
  ]);
}

interface Behavior {
  readonly threads: readonly (readonly Step[])[];
  readonly stable?: boolean;
  /** Called with the final value; what it returns replaces the ending, and what it throws ends the process. */
  readonly onEnd?: (value: number, execution: number) => Outcome["ending"] | void;
  readonly uncontrolled?: (value: number) => boolean;
  readonly refuse?: AgentFailureReason;
}

interface Execution {
  readonly outcome: Outcome;
  readonly trace: readonly TraceEvent[];
  readonly plan: Plan;
  readonly reached: boolean;
  readonly isUncontrolled: boolean;
}

class PretendedAgent implements AgentConnection {
  static executions = 0;
  readonly #behavior: Behavior;
  #failure: AgentFailure | undefined;

  constructor(behavior: Behavior) {
    this.#behavior = behavior;
  }

  request<C extends AgentCommand>(command: C, fields: FieldsOf<C>): Promise<ReplyOf<C>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    try {
      return Promise.resolve(this.#answer(command, fields as never) as ReplyOf<C>);
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error;
      if (error.reason.kind !== "refused") this.#failure = error;
      return Promise.reject(error);
    }
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }

  #answer(command: AgentCommand, fields: FieldsOf<"explore"> & FieldsOf<"name"> & FieldsOf<"replay">): object {
    switch (command) {
      case "serial":
        return this.#serial();
      case "profile":
        return { sites: ["load", "store"].map(siteNamed), steps: this.#behavior.threads.map((steps) => steps.length + 1) };
      case "explore":
        return this.#explore(fields);
      case "name":
        return this.#name(fields.schedule);
      case "replay":
        return this.#replay(fields);
      case "open":
        if (this.#behavior.refuse !== undefined) throw new AgentFailure(this.#behavior.refuse);
        return {};
      default:
        return {};
    }
  }

  #serial(): SerialReply {
    const orders = [[0, 1], [1, 0]].map((order) => ({ order, execution: this.#play(order.map((thread) => [thread, null])) }));
    const outcomes = new Map(orders.map(({ execution }) => [execution.outcome.id, execution.outcome]));
    return { orders: orders.map(({ order, execution }) => ({ order, outcome: execution.outcome.id })), outcomes: [...outcomes.values()], masked: [], stable: this.#behavior.stable ?? true };
  }

  #explore({ schedules, accept }: FieldsOf<"explore">): ExploreReply {
    const counts: Record<string, number> = {};
    const texts = new Map<string, Outcome>();
    let uncontrolled = 0;
    for (const [index, schedule] of schedules.entries()) {
      const { outcome, isUncontrolled } = this.#play(schedule, index);
      counts[outcome.id] = (counts[outcome.id] ?? 0) + 1;
      texts.set(outcome.id, outcome);
      uncontrolled += Number(isUncontrolled);
      if (!accept.includes(outcome.id)) return { runs: index + 1, outcomes: counts, new: [...texts.values()], first: { index, outcome: outcome.id }, lengths: this.#lengths(), diverged: 0, uncontrolled };
    }
    return { runs: schedules.length, outcomes: counts, new: [...texts.values()], first: null, lengths: this.#lengths(), diverged: 0, uncontrolled };
  }

  #name(schedule: Schedule): NameReply {
    const { plan, outcome, trace } = this.#play(schedule);
    return { plan, outcome, trace };
  }

  #replay({ plan, times }: FieldsOf<"replay">): ReplayReply {
    const runs = Array.from({ length: times }, () => this.#play(this.#scheduleOf(plan)));
    const outcomes: Record<string, number> = {};
    for (const { outcome } of runs) outcomes[outcome.id] = (outcomes[outcome.id] ?? 0) + 1;
    return { outcomes, new: runs.map(({ outcome }) => outcome), reached: runs.filter(({ reached }) => reached).length, missingSites: [] };
  }

  #lengths(): number[] {
    return this.#behavior.threads.map((steps) => steps.length + 1);
  }

  #scheduleOf(plan: Plan): Schedule {
    return plan.map(({ thread, until }) => {
      if (until === null) return [thread, null];
      const positions = (this.#behavior.threads[thread] ?? []).flatMap(({ site }, index) => (site === until.site ? [index + 2] : []));
      return [thread, positions[until.occurrence - 1] ?? 99];
    });
  }

  #play(schedule: Schedule, index = 0): Execution {
    const { threads } = this.#behavior;
    const memory: Memory = { shared: 0, local: threads.map(() => 0) };
    const passed = threads.map(() => 0);
    const trace: TraceEvent[] = [];
    let reached = true;
    const runUntil = (thread: number, steps: readonly Step[], end: number): void => {
      for (const step of steps.slice(passed[thread], end)) {
        step.run(memory, thread);
        trace.push({ thread, site: step.site, file: "/m.py", line: 1, object: step.site === "@operation" ? 0 : 1, name: "shared" });
      }
      passed[thread] = Math.max(passed[thread] ?? 0, end);
    };
    const plan = [...schedule, ...threads.map((_, thread): Schedule[number] => [thread, null])].map(([thread, until]) => {
      const steps = [{ site: "@operation", run: () => undefined }, ...(threads[thread] ?? [])];
      runUntil(thread, steps, until === null ? steps.length : Math.min(until - 1, steps.length));
      if (until === null) return { thread, until };
      const stop = steps[until - 1];
      reached &&= stop !== undefined;
      return { thread, until: stop === undefined ? null : { site: stop.site, occurrence: steps.slice(0, until).filter(({ site }) => site === stop.site).length } };
    });
    PretendedAgent.executions += 1;
    return { trace, reached, plan: plan.slice(0, schedule.length), outcome: this.#outcomeOf(memory.shared, index), isUncontrolled: this.#behavior.uncontrolled?.(memory.shared) ?? false };
  }

  #outcomeOf(value: number, index: number): Outcome {
    const ending = this.#end(value, index) ?? "finished";
    const threads = this.#behavior.threads.map(() => ({ operations: [{ status: "returned" as const, value: "None" }] }));
    return { id: `${ending}-${value}`, threads, state: String(value), ending, detail: "" };
  }

  #end(value: number, index: number): Outcome["ending"] | void {
    try {
      return this.#behavior.onEnd?.(value, PretendedAgent.executions);
    } catch (error) {
      if (error instanceof AgentFailure && "progress" in error.reason) throw new AgentFailure({ ...error.reason, progress: error.reason.progress === undefined ? undefined : index });
      throw error;
    }
  }
}

function siteNamed(key: string): SwitchSite {
  return { key, module: "m", function: "f", file: "/m.py", line: 1, column: 0, access: key === "load" ? "read" : "write", text: "m.shared", threads: [0, 1], conflict: true };
}

const runtime: Runtime = { id: "cpython-3.99.0", implementation: "cpython", version: "3.99.0", freeThreaded: false, executable: "/nowhere", origin: "path" };

function confirm(behavior: Behavior, changes: Partial<ConfirmationOptions["budget"]> = {}, signal?: AbortSignal): ReturnType<typeof confirmDriver> {
  const subject = { specification: "model", root: "/", importPaths: ["/"], instrument: ["m"] };
  const options: ConfirmationOptions = { subject, runtime, budget: { ...defaultBudget, ...changes }, workers: 1, replayOn: [], ...(signal === undefined ? {} : { signal }) };
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
    expect(witness?.plan).toEqual([{ thread: 0, until: { site: "store", occurrence: 1 } }, { thread: 1, until: null }]);
    expect(witness?.failure).toEqual({ kind: "outcome", summary: "a final state that no serial order gives" });
    expect(witness?.serial.map(({ order, state }) => [order, state])).toEqual([[[0, 1], "4"], [[1, 0], "4"]]);
    expect(witness?.trace.map(({ thread, site }) => `${thread} ${site}`).slice(0, 4)).toEqual(["0 @operation", "0 load", "1 @operation", "1 load"]);
    expect(rungs.map(({ bound, schedules, exhausted }) => [bound, schedules, exhausted])).toEqual([[0, 2, true], [1, 8, true], [2, 32, true]]);
    expect(runtimes).toEqual([{ runtime: "cpython-3.99.0", failing: 40, repeats: 40, reached: 40, note: "20 in one process, 20 in a fresh one with another hash seed" }]);
    expect(drivers).toEqual([{ name: "model", result: "confirmed: a final state that no serial order gives" }]);
  });

  it("calls a correct program clean only within the bound, with its numbers", async () => {
    const { verdict, reason, rungs } = await confirm({ threads: [increments(2), [{ site: "load", run: () => undefined }]] });
    expect(verdict).toBe("clean-within-bound");
    expect(reason).toBe("every schedule with up to 2 preemptions gave the outcome of a serial order (15 schedules, 1 drivers)");
    expect(rungs.every(({ exhausted }) => exhausted)).toBe(true);
  });

  it("does not call a program clean when the budget ends first", async () => {
    const safe = [increments(20), [{ site: "load", run: () => undefined }]];
    const { verdict, rungs } = await confirm({ threads: safe }, { schedulesPerRung: 10 });
    expect(verdict).toBe("not-reproduced");
    expect(rungs.map(({ bound, schedules, exhausted }) => [bound, schedules, exhausted])).toEqual([[0, 2, true], [1, 10, false]]);
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
    expect(witness?.plan.map(({ thread, until }) => [thread, until?.site])).toEqual([[0, "store"], [1, undefined], [0, undefined]]);
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
    expect(await confirm({ threads: racy, stable: false })).toMatchObject({ verdict: "inconclusive", reason: "one serial order gives different outcomes when repeated", rungs: [] });
    expect(await confirm({ threads: racy, onEnd: () => "hang" })).toMatchObject({ verdict: "unproven", reason: "no driver was of use: discarded: a serial order does not end" });
    expect(await confirm({ threads: racy, onEnd: () => died("SIGABRT", null) })).toMatchObject({ verdict: "unproven", reason: "no driver was of use: discarded: in a serial order: the process ended by SIGABRT" });
    const refuse: AgentFailureReason = { kind: "refused", because: "setup", message: "ValueError: no", traceback: "" };
    expect(await confirm({ threads: racy, refuse })).toMatchObject({ verdict: "unproven", reason: "no driver was of use: discarded: setup() failed: ValueError: no" });
  });

  it("stops between batches when it is told to", async () => {
    expect(await confirm({ threads: racy }, {}, AbortSignal.abort())).toMatchObject({ verdict: "not-reproduced", rungs: [{ bound: 0, schedules: 0, exhausted: false }] });
  });
});
