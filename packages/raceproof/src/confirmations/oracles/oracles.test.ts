// The three oracles on hand-made outcomes.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type OperationResult, type Outcome, type Relaxation, relaxations } from "../../vocabulary/index.ts";
import type { AgentFailureReason } from "../agent-failure.ts";
import { judgeDeath } from "./crash.ts";
import { isSameFailure, judgeOutcome } from "./serial-order.ts";
import { judgeStability } from "./stability.ts";

function returned(value: string): OperationResult {
  return { status: "returned", value };
}

function raised(exception: string, domain: boolean, where = "m:f"): OperationResult {
  return { status: "raised", exception, where, message: "", domain, traceback: [] };
}

function outcome(id: string, results: readonly OperationResult[], rest: Partial<Outcome> = {}): Outcome {
  return { id, threads: results.map((result) => ({ operations: [result] })), state: "s", ending: "finished", detail: "", ...rest };
}

const serial = [outcome("a", [returned("1"), returned("2")]), outcome("b", [raised("FileExistsError", true), returned("2")])];

describe("the serial-order oracle", () => {
  it.each([
    ["what a serial order gives", outcome("b", []), "serial"],
    ["an exception no order shows", outcome("x", [raised("IndexError", false), returned("2")]), "exception IndexError@m:f"],
    ["an exception from another place", outcome("x", [raised("FileExistsError", true, "m:g"), returned("2")]), "exception FileExistsError@m:g"],
    ["the crash before the answer", outcome("x", [raised("OSError", true), raised("KeyError", false)]), "exception KeyError@m:f"],
    ["the exception before the deadlock", outcome("x", [raised("KeyError", false)], { ending: "deadlock" }), "exception KeyError@m:f"],
    ["known exceptions twice", outcome("x", [raised("FileExistsError", true), raised("FileExistsError", true)]), "outcome results that no serial order gives"],
    ["other results", outcome("x", [returned("1"), returned("1")]), "outcome results that no serial order gives"],
    ["another state", outcome("x", [returned("1"), returned("2")]), "outcome a final state that no serial order gives"],
    ["a deadlock", outcome("x", [], { ending: "deadlock" }), "deadlock the threads wait for each other"],
    ["a broken invariant", outcome("x", [returned("1"), returned("2")], { ending: "invariant" }), "invariant the invariant is broken"],
    ["a hang", outcome("x", [raised("KeyError", false)], { ending: "hang", detail: "loops" }), "undecided an execution did not end (loops)"],
  ])("judges %s", (_, one, expected) => {
    const judgment = judgeOutcome(one, serial);
    const text =
      judgment.kind === "failure"
        ? `${judgment.signature.kind} ${judgment.signature.summary}`
        : judgment.kind === "undecided"
          ? `undecided ${judgment.reason}`
          : judgment.kind;
    expect(text).toBe(expected);
  });

  it("does not blame threads for a deadlock that serial orders have too", () => {
    expect(judgeOutcome(outcome("x", [], { ending: "deadlock" }), [outcome("y", [], { ending: "deadlock" })]).kind).toBe("undecided");
  });

  it("takes two exceptions for the same failure by type and place, anything else by kind", () => {
    expect(isSameFailure({ kind: "exception", summary: "A@m:f" }, { kind: "exception", summary: "A@m:f" })).toBe(true);
    expect(isSameFailure({ kind: "exception", summary: "A@m:f" }, { kind: "exception", summary: "A@m:g" })).toBe(false);
    expect(isSameFailure({ kind: "crash", summary: "SIGSEGV" }, { kind: "crash", summary: "SIGABRT" })).toBe(false);
    expect(isSameFailure({ kind: "outcome", summary: "x" }, { kind: "outcome", summary: "y" })).toBe(true);
    expect(isSameFailure({ kind: "outcome", summary: "x" }, { kind: "deadlock", summary: "x" })).toBe(false);
  });
});

interface RelaxedCase extends Readonly<Record<Relaxation, boolean>> {
  readonly name: string;
  readonly results: readonly string[];
  readonly state: string;
}

const told = JSON.parse(readFileSync(new URL("../../../../../protocol/relaxed-outcomes.json", import.meta.url), "utf8")) as {
  readonly serial: RelaxedCase;
  readonly cases: readonly RelaxedCase[];
};

/** "!KeyError: text" is an exception. */
function toldOutcome(id: string, { results, state }: RelaxedCase): Outcome {
  const made = results.map((text): OperationResult => {
    const [, exception, message = ""] = /^!(\w+): (.*)$/.exec(text) ?? [];
    return exception === undefined ? returned(text) : { status: "raised", exception, where: "m:f", message, domain: false, traceback: [] };
  });
  return outcome(id, made, { state });
}

describe("declared relaxations", () => {
  const whole = [toldOutcome("a", told.serial)];

  it.each(told.cases)("tell $name apart", (one) => {
    const judge = (declared: readonly Relaxation[]): string => judgeOutcome(toldOutcome("x", one), whole, declared).kind;
    expect(relaxations.map((each) => judge([each]))).toEqual(relaxations.map((each) => (one[each] ? "relaxed" : "failure")));
    expect(judge([])).toBe("failure");
  });
});

describe("the crash oracle", () => {
  const exited = (signal: string | null, code: number | null): AgentFailureReason => ({ kind: "exited", signal, code, stderrTail: "", progress: 3 });

  it("counts fault signals only", () => {
    expect(["SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE"].map((signal) => judgeDeath(exited(signal, null)).kind)).toEqual(
      Array.from({ length: 5 }, () => "failure"),
    );
    const undecided: AgentFailureReason[] = [
      exited("SIGKILL", null),
      exited("SIGTERM", null),
      exited(null, 139),
      { kind: "timeout", seconds: 1, stderrTail: "", progress: 0 },
      { kind: "protocol", message: "", stderrTail: "" },
    ];
    expect(undecided.map((reason) => judgeDeath(reason).kind)).toEqual(undecided.map(() => "undecided"));
  });
});

describe("the stability oracle", () => {
  const judge = (outcomes: readonly Outcome[], stable = true): string => {
    const stability = judgeStability({ orders: [], outcomes, masked: [], stable });
    return stability.kind === "judgeable" ? stability.kind : `${stability.kind}: ${stability.reason}`;
  };

  it.each([
    [serial, true, "judgeable"],
    [serial, false, "unstable: one serial order gives different outcomes when repeated"],
    [[outcome("x", [], { ending: "hang", detail: "f loops" })], true, "discarded: a serial order does not end (f loops)"],
    [[outcome("x", [], { ending: "deadlock" })], true, "discarded: a serial order blocks"],
    [[outcome("x", [], { ending: "invariant" })], true, "discarded: a serial order breaks the invariant"],
    [[outcome("x", [raised("A", true), raised("B", true)])], true, "discarded: every operation raises in every serial order (A: )"],
    [[outcome("x", [raised("A", true), returned("1")])], true, "judgeable"],
  ])("judges serial orders: %#", (outcomes, stable, expected) => {
    expect(judge(outcomes, stable)).toBe(expected);
  });
});
