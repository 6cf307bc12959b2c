// A function of the C library that keeps state of its own between calls, or returns memory of its own, is called without a lock.
// Over-reports: systems whose C library keeps that state per thread.
import { nonReentrantCalls } from "../../../models/index.ts";
import { groupedBy } from "../../../vocabulary/index.ts";
import type { Hazard, NativeCall, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/non-reentrant-call",
  title: "C library call that threads share",
  severity: "corruption",
  consequence: "Another thread's call changes the same memory: results are mixed up or read while they are freed.",
  sources: ["POSIX.1-2017 2.9.1: functions that need not be thread-safe", "CPython gh-126316 (grp)", "psutil, users()"],
  since: "0.2.0",
  fixes: [
    { title: "The reentrant twin", cost: "low", detail: "localtime_r, getpwnam_r, strtok_r and their like." },
    { title: "A lock around the whole walk", cost: "low", detail: "A static PyMutex from the first call to the last use of what it returned." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) => {
      const open = callsOf(fn).filter(
        ({ callee, targets, held }) => targets.length === 0 && nonReentrantCalls.has(callee) && ![...held, ...fn.entryHeld].some(({ kind }) => kind === "lock"),
      );
      return [...groupedBy(open, ({ callee }) => callee)].map(([callee, [call]]) => {
        const { span, held } = call as NativeCall;
        return draftNativeHazard(program, metadata, {
          fn,
          span,
          location: callee,
          accesses: [{ span, function: fn.name, kind: "call", held }],
          confidence: "medium",
          evidence: [nonReentrantCalls.get(callee) ?? "", "no lock is held"],
          message: `${callee} need not be safe in threads: another call changes what this one uses`,
        });
      });
    });
}

export const rule: NativeRule = { metadata, find };
