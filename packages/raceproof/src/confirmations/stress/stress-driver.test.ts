// Cells, arms, folding and budget with pretended processes; and one real process of each kind of ending.
import { describe, expect, it } from "vitest";
import type { Runtime } from "../../vocabulary/index.ts";
import { discoverRuntimes } from "../runtimes/discover-runtimes.ts";
import { type RunStress, stressDriver, type StressSetting } from "./stress-driver.ts";
import type { StressEnd, StressSymptom } from "./stress-messages.ts";

const gil: Runtime = { id: "cpython-3.12.1", implementation: "cpython", version: "3.12.1", freeThreaded: false, executable: "python", origin: "path" };
const free: Runtime = { ...gil, id: "cpython-3.13.5t", version: "3.13.5", freeThreaded: true };
const budget = { repeats: 4, controlRepeats: 2, secondsPerRepeat: 0.1, seconds: 1000 };
const driver = { name: "driver.py", source: "" };

function setting(runtimes: readonly Runtime[], changes: Partial<StressSetting> = {}): StressSetting {
  const subject = { specification: "p", root: "/p", importPaths: ["/p"], instrument: ["p"] };
  return { runtimes, budget, subjectFor: () => Promise.resolve(subject), ...changes };
}

function answered(failures: readonly Partial<StressSymptom>[]): StressEnd {
  const full = failures.map((each) => ({ kind: "exception" as const, summary: "E@m:f", message: "", traceback: [], workers: 1, ...each }));
  const reply = { ok: true as const, gil: true, rounds: 10, threads: 8, loops: 5, judged: { results: true, state: true }, failures: full };
  return { reply, hasBegun: true, code: 0, signal: null, isKilled: false, stderr: "" };
}

const passed = answered([]);

describe("stressDriver", () => {
  it("sweeps the switch interval where there is a GIL, and switches it on elsewhere", async () => {
    const asked: string[] = [];
    const run: RunStress = (runtime, request, { forceGil }) => {
      asked.push(`${runtime.id} ${request.switchInterval} ${request.arm}${forceGil ? " GIL" : ""}`);
      return Promise.resolve(passed);
    };
    const rows = await stressDriver(driver, setting([gil, free], { budget: { ...budget, repeats: 1, controlRepeats: 1 } }), run);
    expect(asked).toEqual([
      ...["0.005", "0.000001"].flatMap((interval) => ["race", "one thread", "other object"].map((arm) => `cpython-3.12.1 ${interval} ${arm}`)),
      ...["race", "one thread", "other object", "race GIL"].map((arm) => `cpython-3.13.5t null ${arm}`),
    ]);
    expect(rows.map(({ runtime, failing, repeats, stress }) => [runtime, stress?.switchInterval, failing, repeats])).toEqual([
      [gil.id, 0.005, 0, 1],
      [gil.id, 1e-6, 0, 1],
      [free.id, undefined, 0, 1],
    ]);
  });

  it("counts failing repeats, folds their failures and keeps control arms apart", async () => {
    let race = 0;
    const run: RunStress = (_, { arm }) => {
      if (arm !== "race") return Promise.resolve(passed);
      race += 1;
      return Promise.resolve(race === 1 ? passed : answered([{ workers: race }, ...(race === 2 ? [{ summary: "F@m:g" }] : [])]));
    };
    const [row] = await stressDriver(driver, setting([{ ...gil, implementation: "pypy" }]), run);
    expect([row?.failing, row?.repeats]).toEqual([3, 4]);
    expect(row?.stress?.failures.map(({ summary, repeats, workers }) => [summary, repeats, workers])).toEqual([
      ["E@m:f", 3, 4],
      ["F@m:g", 1, 1],
    ]);
    expect(row?.stress?.controls).toEqual([
      { arm: "one thread", failing: 0, repeats: 2 },
      { arm: "other object", failing: 0, repeats: 2 },
    ]);
    expect(row?.stress?.rounds).toBe(40);
  });

  it("says so when one thread alone fails too", async () => {
    const [row] = await stressDriver(driver, setting([{ ...gil, implementation: "pypy" }]), () => Promise.resolve(answered([{}])));
    expect(row?.note).toContain("says nothing about threads");
  });

  it("says so when one thread alone cannot be judged, and runs no more of it", async () => {
    let processes = 0;
    const refused: StressEnd = { ...passed, reply: { ok: false, error: { kind: "serial", message: "a serial order does not end" } } };
    const run: RunStress = (_, { arm }) => {
      processes += 1;
      return Promise.resolve(arm === "one thread" ? refused : answered([{ kind: "timeout", summary: "threads did not end" }]));
    };
    const [row] = await stressDriver(driver, setting([{ ...gil, implementation: "pypy" }]), run);
    expect([processes, row?.failing, row?.repeats, row?.note]).toEqual([2, 0, 0, "cannot be run here: serial: a serial order does not end"]);
  });

  it("names a crash by signal and by the innermost frame of the subject", async () => {
    const stderr = [
      "Fatal Python error: Segmentation fault",
      "",
      "Thread 0x00007f0000000001 (most recent call first):",
      '  File "/p/p/other.py", line 3 in waiting',
      "",
      "Current thread 0x00007f0000000002 (most recent call first):",
      '  File "/usr/lib/python3/heapq.py", line 12 in heappop',
      '  File "/p/p/pool.py", line 40 in take',
      '  File "<driver>", line 2 in operation_a',
    ].join("\n");
    const [row] = await stressDriver(driver, setting([free]), () =>
      Promise.resolve({ reply: undefined, hasBegun: true, code: null, signal: "SIGSEGV", isKilled: false, stderr }),
    );
    expect([row?.failing, row?.repeats, row?.signal]).toEqual([4, 4, "SIGSEGV"]);
    expect(row?.stress?.failures).toEqual([
      {
        kind: "signal",
        summary: "SIGSEGV@p/pool.py:take",
        repeats: 4,
        workers: 0,
        traceback: ["<driver>:2 operation_a", "/p/p/pool.py:40 take", "/usr/lib/python3/heapq.py:12 heappop"],
      },
    ]);
  });

  it("counts a hang as failing and names where a thread of the subject was", async () => {
    const stderr = 'Timeout (0:01:00)!\nThread 0x01 (most recent call first):\n  File "/p/p/pool.py", line 9 in wait\n';
    const [row] = await stressDriver(driver, setting([free]), () =>
      Promise.resolve({ reply: undefined, hasBegun: true, code: null, signal: "SIGKILL", isKilled: true, stderr }),
    );
    expect(row?.stress?.failures.map(({ kind, summary }) => [kind, summary])).toEqual([["timeout", "threads did not end@p/pool.py:wait"]]);
  });

  it("does not count a process that ended before its first round, or that somebody else killed", async () => {
    const ends: Partial<StressEnd>[] = [{ hasBegun: false, code: 1, stderr: "No module named raceproof_agent" }, { signal: "SIGKILL", code: null }, {}, {}];
    const [row] = await stressDriver(driver, setting([free], { budget: { ...budget, controlRepeats: 0 } }), () =>
      Promise.resolve({ ...passed, reply: undefined, code: 1, ...ends.shift() }),
    );
    expect([row?.failing, row?.repeats, row?.signal]).toEqual([2, 2, undefined]);
    expect(row?.note).toBe("processes that are not counted: 2 (exit status 1 before the first round: No module named raceproof_agent)");
  });

  it("leaves a runtime that cannot run the driver after one process", async () => {
    let processes = 0;
    const refused: StressEnd = { ...passed, reply: { ok: false, error: { kind: "import", message: "SyntaxError: match" } } };
    const rows = await stressDriver(driver, setting([{ ...gil, implementation: "pypy" }]), () => {
      processes += 1;
      return Promise.resolve(refused);
    });
    expect(processes).toBe(1);
    expect(rows[0]).toMatchObject({ failing: 0, repeats: 0, note: "cannot be run here: import: SyntaxError: match" });
  });

  it("stops when it is told to, with what it has", async () => {
    const stop = new AbortController();
    let processes = 0;
    const rows = await stressDriver(driver, setting([gil], { signal: stop.signal }), () => {
      processes += 1;
      if (processes === 3) stop.abort();
      return Promise.resolve(passed);
    });
    expect(processes).toBe(3);
    expect(rows.map(({ repeats }) => repeats)).toEqual([1, 0]);
  });
});

const [present] = (await discoverRuntimes()).runtimes;

describe.skipIf(present === undefined)("on a real interpreter", () => {
  const runOn = (source: string): ReturnType<typeof stressDriver> =>
    stressDriver(
      { name: "driver.py", source },
      setting([present as Runtime], {
        budget: { ...budget, repeats: 1, controlRepeats: 1 },
        subjectFor: () => Promise.resolve({ specification: "", root: "", importPaths: [], instrument: [] }),
      }),
    );

  it("a certain race fails, its controls do not", async () => {
    const rows = await runOn(
      [
        "import threading",
        "def setup():",
        "    return {'number': 0, 'meeting': threading.Barrier(2)}",
        "def operation_a(state):",
        "    seen = state['number']",
        "    try:",
        "        state['meeting'].wait(0.1)",
        "    except threading.BrokenBarrierError:",
        "        pass",
        "    state['number'] = seen + 1",
        "def operation_b(state):",
        "    operation_a(state)",
        "def observe(state):",
        "    return state['number']",
      ].join("\n"),
    );
    for (const { failing, repeats, stress } of rows) {
      expect([failing, repeats]).toEqual([1, 1]);
      expect(stress?.failures.map(({ summary }) => summary)).toEqual(["a final state that no serial order gives"]);
      expect(stress?.controls.filter((control) => control.arm !== "GIL on").map((control) => control.failing)).toEqual([0, 0]);
    }
  });

  it("a segmentation fault is named", async () => {
    const rows = await runOn("import faulthandler\ndef operation_a():\n    faulthandler._sigsegv()\ndef operation_b():\n    pass");
    expect(rows.map(({ signal }) => signal)).toEqual(rows.map(() => "SIGSEGV"));
  });
});
