// What running the code said about a hazard.
import type { FamilyReach } from "./reachability.ts";
import type { ParallelWorkload } from "./parallel-workload.ts";
import type { RelaxedOutcomes } from "./relaxation.ts";
import type { Witness } from "./witness.ts";

export type Verdict = "confirmed" | "not-reproduced" | "clean-within-bound" | "inconclusive" | "unproven";

/** One way in which repeats of a workload failed. */
export interface StressFailure {
  readonly kind: "exception" | "outcome" | "invariant" | "signal" | "timeout" | "exit" | "sanitizer";
  /** "RuntimeError@pkg.mod:Cls.method", "SIGSEGV@pkg/mod.py:method", or words. */
  readonly summary: string;
  /** What the first one said: of an exception, its text; of an outcome, what was seen and what serial orders give. */
  readonly message?: string;
  readonly repeats: number;
  /** Most threads of one repeat that raised it; 0 when it is not an exception. */
  readonly workers: number;
  /** Frames of the first one, outermost first. */
  readonly traceback: readonly string[];
}

/** The same workload without the race: what fails there is not the race's doing. */
export interface StressControl {
  readonly arm: "one thread" | "other object" | "GIL on" | "lock around" | "no collection" | "Python object" | "same thread";
  readonly failing: number;
  readonly repeats: number;
}

/** Real threads, not controlled; every repeat in a process of its own. */
export interface StressAccount {
  /** Seconds after which a GIL is asked for (sys.setswitchinterval); absent where there is none. */
  readonly switchInterval?: number;
  /** Of one repeat, in the larger of its two shapes. */
  readonly threads: number;
  /** Rounds from a fresh state, over all repeats. */
  readonly rounds: number;
  readonly failures: readonly StressFailure[];
  readonly controls: readonly StressControl[];
}

/** Failing repeats of one witness or workload on one runtime. */
export interface RuntimeRow {
  readonly runtime: string;
  readonly failing: number;
  readonly repeats: number;
  readonly signal?: string;
  /** Executions in which the whole plan was reached. */
  readonly reached?: number;
  readonly note?: string;
  /** Present when this row is a stress test and not a replay. */
  readonly stress?: StressAccount;
}

/** One rung of the search ladder, with its own count: never a bare pass. */
export interface SearchRung {
  readonly strategy: string;
  /** Preemptions; of drawn schedules, the changes of priority. */
  readonly bound: number;
  /** Absent: every schedule within the bound. `drawn`: a sample. `certificate`: when exhausted, every interleaving of the driver. */
  readonly search?: "drawn" | "certificate";
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
  /** Played of this driver, for the hazard that tells it; absent: none. */
  readonly schedules?: number;
}

export interface Confirmation {
  readonly verdict: Verdict;
  /** Why, in one sentence: names what was explored or what went wrong. */
  readonly reason: string;
  readonly witness?: Witness;
  /** What real threads showed it with, for hazards of compiled code, which no schedule controls. */
  readonly workload?: ParallelWorkload;
  readonly rungs: readonly SearchRung[];
  readonly runtimes: readonly RuntimeRow[];
  /** On which kinds of interpreters the witness's failure can show; absent when there is no witness or it was not asked. */
  readonly reachability?: readonly FamilyReach[];
  /** What the scheduler did not control during these runs (native threads, blocking calls, time, I/O). */
  readonly uncontrolled: readonly string[];
  /** Outcomes that no serial order gives and that somebody declared benign; absent when there were none. */
  readonly relaxed?: readonly RelaxedOutcomes[];
  /** Drivers tried, with what became of each. */
  readonly drivers: readonly TriedDriver[];
}
