// Confirmations in, how many hazards got a driver that exercises them, and how far the others came. It judges no hazard.
import type { Confirmation, DriverEnd, SynthesisCoverage } from "../vocabulary/index.ts";

/** From the best end to the worst: what kept a hazard's best driver from exercising it. */
const reasons: readonly (readonly [end: DriverEnd, reason: string])[] = [
  ["no-conflict", "drivers reach its accesses, but not in two threads on the same object"],
  ["not-reached", "no driver reaches its accesses"],
  ["unstable", "a serial order of its drivers does not repeat itself"],
  ["failed", "the process of its drivers failed"],
  ["discarded", "its drivers fail without threads"],
];

export function countSynthesis(confirmations: ReadonlyMap<string, Confirmation>): SynthesisCoverage {
  const without = new Map<string, number>();
  let withDriver = 0;
  for (const { drivers } of confirmations.values()) {
    const ends = new Set(drivers.map(({ end }) => end));
    if (ends.has("confirmed") || ends.has("searched")) {
      withDriver += 1;
      continue;
    }
    const reason = reasons.find(([end]) => ends.has(end))?.[1] ?? "no driver could be written, or there was no time to try one";
    without.set(reason, (without.get(reason) ?? 0) + 1);
  }
  const rows = [...without].map(([reason, hazards]) => ({ reason, hazards }));
  return { hazards: confirmations.size, withDriver, without: rows.toSorted((a, b) => b.hazards - a.hazards) };
}
