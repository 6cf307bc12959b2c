// What is measured before a parallel guard is written, and what then is not written; and real guard files on a real interpreter.
import { describe, expect, it } from "vitest";
import { decodeWorkload, discoverRuntimes, renderWorkload, runGuardFile, type Sighting } from "./confirmations/index.ts";
import { renderParallelGuard } from "./guards/index.ts";
import { measureCatchRate } from "./parallel-guard.ts";
import type { Runtime } from "./vocabulary/index.ts";

const driver = { name: "r.add(i)", source: "race" };
const workload = { driver, locked: { ...driver, source: "locked" }, failure: "SIGSEGV", runtime: "cpython-3.13.5t", subject: "pkg==1.0" };
const runtime: Runtime = { id: "cpython-3.13.5t", implementation: "cpython", version: "3.13.5", freeThreaded: true, executable: "python", origin: "path" };

function measured(kindOf: (source: string, run: number) => Sighting["kind"]): ReturnType<typeof measureCatchRate> {
  let run = 0;
  const look = ({ driver: { source } }: typeof workload): Promise<Sighting> => Promise.resolve({ kind: kindOf(source, run++), reason: "so it was" });
  return measureCatchRate({ workload, runs: 8, onProgress: () => undefined }, runtime, (of) => look({ ...workload, ...of }));
}

describe("measuring a guard", () => {
  it("counts what does not pass, hangs as well, and controls by a lock", async () => {
    const rate = await measured((source, run) => (source === "locked" ? "not-seen" : run % 4 === 0 ? "inconclusive" : run % 4 === 1 ? "fails" : "not-seen"));
    expect(rate).toEqual({ runtime: runtime.id, race: { failing: 4, hung: 2, runs: 8 }, control: { failing: 0, runs: 2 } });
  });

  it.each(["fails", "inconclusive", "unsuited"] as const)("refuses what %s under a lock: fixed code would too", async (kind) => {
    await expect(measured((source) => (source === "locked" ? kind : "fails"))).rejects.toThrow("with a lock around every call it does not pass either");
  });

  it("refuses what catches nothing", async () => {
    await expect(measured(() => "not-seen")).rejects.toThrow("saw nothing in 8 runs");
  });
});

describe("a workload", () => {
  it("is read back with its subject; a witness is none; damage is told", () => {
    const text = renderWorkload(workload, workload.subject);
    expect(decodeWorkload(text)).toMatchObject(workload);
    expect(decodeWorkload('{"schemaVersion": 2, "plan": []}')).toBeUndefined();
    expect(decodeWorkload("rp2.abc")).toBeUndefined();
    expect(() => decodeWorkload(text.replace('"schemaVersion": 1', '"schemaVersion": 7'))).toThrow("schemaVersion is 7");
    expect(() => decodeWorkload(text.replace('"locked"', '"unlocked"'))).toThrow("its field locked is no driver");
  });
});

const [present] = (await discoverRuntimes()).runtimes;

it.skipIf(present === undefined)("a guard file sees a crash, and what ends well is not seen", async () => {
  const see = (body: string): Promise<Sighting> => {
    const source = `import faulthandler\ndef operation_0():\n    ${body}\ndef operation_1():\n    pass\n`;
    return runGuardFile(
      present as Runtime,
      renderParallelGuard({ workload: { ...workload, driver: { ...driver, source } }, subject: "pkg", withoutGil: false }).text.replace(
        '"processes": 5',
        '"processes": 1',
      ),
      [],
    );
  };
  expect(await see("faulthandler._sigsegv()")).toMatchObject({ kind: "fails", reason: expect.stringContaining("SIGSEGV") });
  expect(await see("pass")).toMatchObject({ kind: "not-seen" });
});
