// POS: a random priority for every pending access, drawn anew when it races with the access just made.
// Source: Yuan, Yang and Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
import { drawnSchedules } from "./drawn-schedules.ts";
import type { Scheduler } from "./scheduler.ts";

export function partialOrderSampling(schedules: number): Scheduler {
  return drawnSchedules(schedules, [], () => ({ kind: "pos" }));
}
