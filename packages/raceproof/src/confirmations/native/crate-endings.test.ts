// Ends of processes, as systems tell them, are read for what they mean.
import { describe, expect, it } from "vitest";
import type { ProcessEnd } from "../runtimes/run-disposable-process.ts";
import { endingOf } from "./crate-endings.ts";

function end(replies: readonly object[], rest: Partial<ProcessEnd> = {}): ProcessEnd {
  return { replies: replies.map((reply) => `${JSON.stringify(reply)}\n`).join(""), code: 0, signal: null, isKilled: false, stderr: "", ...rest };
}

const steps = [{ step: "m.Node(o)" }, { step: "gc.collect()" }];

describe("a process of the extension probe", () => {
  it("survives", () => {
    expect(endingOf(end([...steps, { seen: { collected: 3 } }]))).toEqual({ kind: "survived" });
  });

  it("crashes at its last step", () => {
    expect(endingOf(end(steps, { code: null, signal: "SIGSEGV" }))).toEqual({ kind: "crash", signal: "SIGSEGV", step: "gc.collect()" });
  });

  it("hangs, and tells where", () => {
    const stderr = `Timeout (0:00:04)!
Thread 0x00007f (most recent call first):
  File "/agent/raceproof_agent/extension_probe.py", line 130 in work
  File "/subject/package/waits.py", line 12 in wait
`;
    expect(endingOf(end(steps, { code: 1, stderr }))).toEqual({ kind: "hang", step: "gc.collect()", stack: ["/subject/package/waits.py:12 wait"] });
    expect(endingOf(end(steps, { code: null, signal: "SIGKILL", isKilled: true })).kind).toBe("hang");
  });

  it("panics, whatever it answers afterwards", () => {
    const stderr =
      "thread '<unnamed>' panicked at /somewhere/registry/src/index-19/pyo3-0.19.0/src/gil.rs:7:5:\nAccess to the GIL is prohibited\nnote: run with";
    expect(endingOf(end([...steps, { seen: { collected: 3 } }], { stderr }))).toEqual({
      kind: "panic",
      message: "panicked at pyo3-0.19.0/src/gil.rs:7:5: Access to the GIL is prohibited",
    });
  });

  it.each([
    [{ owned: 1, visited: 0, cycles: 100, alive: 100 }, "100 of 100 cycles are never collected: the collector is not told of it"],
    [{ owned: 1, visited: 2, cycles: 100, alive: 100 }, "100 of 100 cycles are never collected: it is visited 2 times and owned 1 times"],
    [{ owned: 1, visited: 1, cycles: 100, alive: 100 }, "100 of 100 cycles are never collected: nothing breaks the cycle"],
  ])("leaks: %j", (seen, message) => {
    expect(endingOf(end([{ seen }]))).toEqual({ kind: "leak", message });
  });

  it.each([
    { owned: 1, visited: 1, cycles: 100, alive: 0 },
    { owned: 0, visited: 0, cycles: 100, alive: 100 },
  ])("does not leak: %j", (seen) => {
    expect(endingOf(end([{ seen }]))).toEqual({ kind: "survived" });
  });

  it("could not borrow, or met an object for one thread", () => {
    expect(endingOf(end([{ seen: { borrowed: "RuntimeError: Already borrowed" } }]))).toEqual({ kind: "borrow", message: "RuntimeError: Already borrowed" });
    expect(endingOf(end([{ seen: { borrowed: null } }]))).toEqual({ kind: "survived" });
    const stderr = "RuntimeError: knots::Cursor is unsendable, but is being dropped on another thread\n";
    expect(endingOf(end([{ seen: { used: true } }], { stderr }))).toMatchObject({ kind: "panic", message: expect.stringContaining("is unsendable, but") });
  });

  it("is refused, or ends without a word", () => {
    expect(endingOf(end([...steps, { refused: "TypeError: no" }]))).toEqual({ kind: "refused", reason: "TypeError: no" });
    expect(endingOf(end(steps, { code: 3, stderr: "ImportError: x\n" }))).toMatchObject({ kind: "refused" });
  });
});
