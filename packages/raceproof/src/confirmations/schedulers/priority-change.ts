// PCT: random priorities of threads, changed at depth - 1 random steps; a bug of that depth shows with probability at least
// 1 / (n * k^(depth - 1)) for n threads and k steps.
// Source: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs",
// ASPLOS 2010.
import { drawnSchedules } from "./drawn-schedules.ts";
import type { Scheduler } from "./scheduler.ts";

/** `schedules` draws over threads that pass `lengths[t]` switch points. */
export function priorityChange(depth: number, schedules: number, lengths: readonly number[]): Scheduler {
  return drawnSchedules(schedules, lengths, (counts) => ({ kind: "pct", depth, counts }));
}
