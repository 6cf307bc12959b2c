// URW: every order of the switch points about equally likely. SURW: every order of the interesting accesses, whatever else happens.
// Source: Zhao, Wang, Cohen and others, "Selectively Uniform Concurrency Testing", ASPLOS 2025.
import { drawnSchedules } from "./drawn-schedules.ts";
import type { Scheduler } from "./scheduler.ts";

/** Over threads that pass `lengths[t]` switch points. */
export function uniformWalk(schedules: number, lengths: readonly number[]): Scheduler {
  return drawnSchedules(schedules, lengths, (counts) => ({ kind: "urw", counts }));
}

/** `counts[t]`: accesses of thread t at the interesting sites, as one earlier execution made them. */
export function selectiveUniform(schedules: number, interesting: readonly string[], counts: readonly number[]): Scheduler {
  return drawnSchedules(schedules, [], () => ({ kind: "surw", counts, interesting }));
}
