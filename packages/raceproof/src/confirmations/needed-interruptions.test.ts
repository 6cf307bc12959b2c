// Which pairs a failure needs: a player that fails only while the thread stands inside the pair.
import { expect, it } from "vitest";
import type { Plan, TraceEvent } from "../vocabulary/index.ts";
import { needsInterruption } from "./needed-interruptions.ts";
import type { PreparedDriver } from "./prepare-driver.ts";

const trace: readonly TraceEvent[] = ["0 first", "0 check", "1 store", "0 act", "0 last"].map((text) => {
  const [thread = "0", site = ""] = text.split(" ");
  return { thread: Number(thread), site, file: "/m.py", line: 1, object: 1, name: "x" };
});
const [first, check, store, act, last] = trace as [TraceEvent, TraceEvent, TraceEvent, TraceEvent, TraceEvent];
const plan: Plan = [
  { thread: 0, until: { site: "act", occurrence: 1 } },
  { thread: 1, until: null },
  { thread: 0, until: null },
];

/** Fails when the first thread stops at one of these places. */
function prepared(...failing: readonly string[]): PreparedDriver {
  const replay = (played: Plan): Promise<unknown> => {
    const isBad = failing.includes(played[0]?.until?.site ?? "the end");
    return Promise.resolve({ outcomes: { [isBad ? "bad" : "good"]: 1 }, new: [], reached: 1, missingSites: [] });
  };
  const player = { replay, judge: (id: string) => (id === "bad" ? { kind: "failure" } : { kind: "serial" }) };
  return { player, serial: undefined, sites: [], steps: [] } as unknown as PreparedDriver;
}

it("a pair whose interruption the failure needs", async () => {
  expect(await needsInterruption(prepared("act"), { plan, trace }, [{ before: check, between: store, after: act }])).toBe(true);
});

it("not a pair that may be whole while it still fails", async () => {
  expect(await needsInterruption(prepared("act", "check"), { plan, trace }, [{ before: check, between: store, after: act }])).toBe(false);
  expect(await needsInterruption(prepared("act", "last"), { plan, trace }, [{ before: check, between: store, after: act }])).toBe(false);
});

it("the wider pair when the narrower one is not enough", async () => {
  const pairs = [
    { before: check, between: store, after: act },
    { before: first, between: store, after: last },
  ];
  expect(await needsInterruption(prepared("act", "check"), { plan, trace }, pairs)).toBe(true);
});

it("nothing when the plan does not stop in the pair", async () => {
  const elsewhere: Plan = [
    { thread: 1, until: null },
    { thread: 0, until: null },
  ];
  expect(await needsInterruption(prepared(), { plan: elsewhere, trace }, [{ before: check, between: store, after: act }])).toBe(false);
});
