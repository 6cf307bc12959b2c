// The denominator of what was proved.
import { expect, it } from "vitest";
import type { Confirmation, DriverEnd } from "../vocabulary/index.ts";
import { countSynthesis } from "./synthesis-coverage.ts";

function tried(...ends: readonly DriverEnd[]): Confirmation {
  const drivers = ends.map((end, index) => ({ name: String(index), result: end, end }));
  return { verdict: "not-reproduced", reason: "", rungs: [], runtimes: [], uncontrolled: [], drivers };
}

it("counts hazards by how far their best driver got", () => {
  const confirmations = [
    tried("discarded", "searched"),
    tried("confirmed"),
    tried("not-reached", "no-conflict"),
    tried("discarded"),
    tried("discarded"),
    tried(),
  ];
  expect(countSynthesis(new Map(confirmations.map((each, index) => [String(index), each])))).toEqual({
    hazards: 6,
    withDriver: 2,
    without: [
      { reason: "its drivers fail without threads", hazards: 2 },
      { reason: "drivers reach its accesses, but not in two threads on the same object", hazards: 1 },
      { reason: "no driver could be written, or there was no time to try one", hazards: 1 },
    ],
  });
});
