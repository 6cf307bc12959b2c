// One mechanism of Python per program; the folder is the verdict, and the driver is derived from the class.
import { describe, expect, it } from "vitest";
import { confirmMechanism, listMechanisms, selectTestRuntimes } from "./litmus.ts";
import { isTooNewFor } from "./mechanisms.ts";

/** Three rungs of 66 schedules: nothing may need more than 200. */
const schedulesPerRung = 66;
const runtimes = (await selectTestRuntimes()).filter(({ implementation, freeThreaded }) => implementation === "cpython" && !freeThreaded);

describe.each(runtimes.map((runtime) => [runtime.id, runtime] as const))("mechanisms on %s", (_, runtime) => {
  it.each(listMechanisms("racy"))("$name races", async (mechanism) => {
    if (isTooNewFor(mechanism.root, runtime.version)) return;
    const { verdict, reason, rungs } = await confirmMechanism(mechanism, runtime, schedulesPerRung);
    expect([verdict, reason]).toEqual(["confirmed", expect.any(String)]);
    expect(rungs.reduce((sum, { schedules }) => sum + schedules, 0)).toBeLessThanOrEqual(200);
  });

  it.each(listMechanisms("safe"))("$name is silent", async (mechanism) => {
    const { verdict, reason, uncontrolled } = await confirmMechanism(mechanism, runtime, 2000);
    expect([verdict, reason]).toEqual(["clean-within-bound", expect.any(String)]);
    expect(uncontrolled).toEqual([]);
  });
});
