// What running the code said about a hazard.
import type { Witness } from "./witness.ts";

export type Verdict = "confirmed" | "not-reproduced" | "clean-within-bound" | "inconclusive" | "unproven";

/** Failing repeats of one witness or workload on one runtime. */
export interface RuntimeRow {
  readonly runtime: string;
  readonly failing: number;
  readonly repeats: number;
  readonly signal?: string;
  /** Executions in which the whole plan was reached. */
  readonly reached?: number;
  readonly note?: string;
}

/** One rung of the search ladder, with its own count: never a bare pass. */
export interface SearchRung {
  readonly strategy: string;
  readonly bound: number;
  readonly schedules: number;
  readonly exhausted: boolean;
  readonly runtime: string;
}

/**
 * How far a driver got. searched: threads met at the suspect accesses. no-conflict, not-reached: they did not. discarded: it fails
 * without threads. unstable: a serial order does not repeat itself. failed: its process did.
 */
export type DriverEnd = "confirmed" | "searched" | "no-conflict" | "not-reached" | "discarded" | "unstable" | "failed";

export interface TriedDriver {
  readonly name: string;
  readonly result: string;
  readonly end?: DriverEnd;
}

export interface Confirmation {
  readonly verdict: Verdict;
  /** Why, in one sentence: names what was explored or what went wrong. */
  readonly reason: string;
  readonly witness?: Witness;
  readonly rungs: readonly SearchRung[];
  readonly runtimes: readonly RuntimeRow[];
  /** What the scheduler did not control during these runs (native threads, blocking calls, time, I/O). */
  readonly uncontrolled: readonly string[];
  /** Drivers tried, with what became of each. */
  readonly drivers: readonly TriedDriver[];
}
