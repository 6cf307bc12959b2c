// Interleavings: the steps of a witness, and their swimlanes.
import { describe, expect, it } from "vitest";
import type { TraceEvent, Witness } from "../vocabulary/index.ts";
import { sampleWitness } from "./fixtures/sample-report.ts";
import { explainInterleaving, interleavingOf } from "./index.ts";

const event = (thread: number, key: string, overrides: Partial<TraceEvent> = {}): TraceEvent => ({
  thread,
  site: `pkg.mod:f:${key}`,
  file: "/srv/site-packages/pkg/mod.py",
  line: 5,
  object: 1,
  name: "x",
  ...overrides,
});

const kindsOf = (witness: Witness): readonly string[] => interleavingOf(witness).steps.map((step) => `${step.kind} ${step.thread}`);

describe("interleavingOf", () => {
  it("tells a switch from an ending by whether the thread goes on", () => {
    expect(kindsOf(sampleWitness)).toEqual(["access 0", "switch 0", "access 1", "access 1", "access 1", "finish 1", "access 0", "access 0", "finish 0"]);
  });

  it("says before which access a thread was stopped", () => {
    const stop = interleavingOf(sampleWitness).steps.find((step) => step.kind === "switch");
    expect(stop?.before).toMatchObject({ access: "write", text: "self.last_number", file: "shelfkeeper/shelf.py", line: 41 });
  });

  it("falls back to the plan when a crash lost the trace", () => {
    expect(kindsOf({ ...sampleWitness, trace: [] })).toEqual(["switch 0", "finish 1", "finish 0"]);
  });

  it("marks what two threads touch and one may change, nothing else", () => {
    const trace = [
      event(0, "read:a.x"),
      event(0, "read:b.y", { object: 2, name: "y" }),
      event(0, "write:c.z", { object: 3, name: "z" }),
      event(0, "read:lock", { object: 0, name: null }),
      event(1, "write:a.x"),
      event(1, "read:b.y", { object: 2, name: "y" }),
      event(1, "write:lock", { object: 0, name: null }),
    ];
    const contended = interleavingOf({ ...sampleWitness, trace }).steps.flatMap((step) => (step.kind === "access" && step.contended ? [step.site.text] : []));
    expect(contended).toEqual(["a.x", "a.x"]);
  });

  it("names threads by the driver's operations, unless the driver groups them itself", () => {
    expect(interleavingOf(sampleWitness).threads).toEqual(["thread A: operation_first", "thread B: operation_second"]);
    const grouped = {
      ...sampleWitness,
      driver: { name: "grouped", source: `${sampleWitness.driver.source}\nthreads = [[operation_second], [operation_first]]\n` },
    };
    expect(interleavingOf(grouped).threads).toEqual(["thread A", "thread B"]);
  });
});

describe("explainInterleaving", () => {
  it("says what was read and written", () => {
    const trace = [
      event(0, "check:a.x", { read: "[3]" }),
      event(0, "call:pop(a.x)", { read: "[3]", wrote: "[]" }),
      event(1, "write:a.x", { wrote: "nothing" }),
    ];
    const text = explainInterleaving({ ...sampleWitness, trace }, { width: 120 });
    for (const words of ["check a.x, reads [3]", "call pop(a.x), makes [] of [3]", "write a.x, writes nothing"]) expect(text).toContain(words);
  });

  it("puts each thread into its own column", () => {
    const lines = explainInterleaving(sampleWitness, { width: 100 }).split("\n");
    const second = lines.findIndex((line) => line.endsWith("| * 41 write self.last_number"));
    const first = lines.findIndex((line) => line.startsWith("* 41 write self.last_number"));
    expect(second).toBeGreaterThan(0);
    expect(first).toBeGreaterThan(second);
  });

  it("counts what only one thread touches instead of listing it", () => {
    const own = Array.from({ length: 40 }, (_, index) => event(0, `read:own[${index}]`, { object: 9, name: `n${index}` }));
    const text = explainInterleaving({ ...sampleWitness, trace: [event(0, "read:a.x"), ...own, event(0, "write:a.x"), event(1, "write:a.x")] });
    expect(text).toContain("… 40 more");
    expect(text).not.toContain("own[7]");
  });

  it("shows both ends of a long contended run", () => {
    const run = Array.from({ length: 50 }, (_, index) => event(0, `write:a.x${index}`));
    const text = explainInterleaving({ ...sampleWitness, trace: [...run, event(1, "write:a.x")] });
    expect(text).toContain("write a.x0 ");
    expect(text).toContain("write a.x49");
    expect(text).toContain("… 38 more");
  });

  it("tells exceptions, deadlocks and endings without results", () => {
    const threads = [
      {
        operations: [
          { status: "raised", exception: "IndexError", where: "pkg.mod:f", message: "list index out of range", domain: false, traceback: [] } as const,
        ],
      },
      { operations: [{ status: "unfinished" } as const] },
      { operations: [] },
    ];
    const text = explainInterleaving({ ...sampleWitness, trace: [], plan: [], outcome: { ...sampleWitness.outcome, threads } }, { width: 300 });
    expect(text).toContain("raises IndexError in pkg.mod:f: list index out of range");
    expect(text).toContain("does not finish");
    expect(text).toMatch(/\| ends$/m);
  });
});
