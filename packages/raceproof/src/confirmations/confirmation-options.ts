// What a caller decides about confirming: where the subject is, on which interpreter, and how much to spend.
import type { DriverText, Hazard, Relaxation, Runtime, RuntimeModelName } from "../vocabulary/index.ts";

/** A subject as the agent needs it. */
export interface TestedSubject {
  /** As the user named it; goes into witnesses. */
  readonly specification: string;
  /** Absolute folder that `file` of a hazard's spans is relative to. */
  readonly root: string;
  /** Absolute folders for sys.path, the subject's own first, then its requirements. */
  readonly importPaths: readonly string[];
  /** Module prefixes to instrument: the subject's top-level modules. */
  readonly instrument: readonly string[];
  /** Outcomes that the project declares benign: written into every driver that does not declare its own. */
  readonly relaxations?: readonly Relaxation[];
}

export interface SearchBudget {
  /** A net for slow subjects, in wall seconds over all drivers of one hazard; what normally ends a search is counted in schedules, so that two runs find the same. */
  readonly secondsPerHazard: number;
  /** Schedules over all drivers of one hazard after which no further driver is searched. */
  readonly schedulesPerHazard: number;
  /** Most schedules of one rung (one bound over one set of switch points). */
  readonly schedulesPerRung: number;
  /** Largest number of preemptions. */
  readonly bound: number;
  /** Schedules of each random strategy, for drivers in which the bounds showed nothing; 0 leaves out certificates too. */
  readonly drawn: number;
  /** Replays in the same process, and again in another one, before a failure counts. */
  readonly replays: number;
}

export const defaultBudget: SearchBudget = { secondsPerHazard: 60, schedulesPerHazard: 2500, schedulesPerRung: 4000, bound: 2, drawn: 200, replays: 20 };

export interface ConfirmationOptions {
  readonly subject: TestedSubject;
  readonly runtime: Runtime;
  /** Where threads can be switched in every search; any when left out. */
  readonly model?: RuntimeModelName | undefined;
  readonly budget: SearchBudget;
  /** Agent processes at once. */
  readonly workers: number;
  /** A few drivers for each hazard, and no verdict on those that they do not confirm. */
  readonly isBrief?: boolean;
  /** Every witness is replayed on these too. */
  readonly replayOn: readonly Runtime[];
  /** When it is aborted everything ends, what runs is killed. Its reason says why, in one word. */
  readonly signal?: AbortSignal;
  /** Of the clock `now()`: no hazard is explored after it. What was found is still replayed elsewhere. */
  readonly searchUntil?: number;
}

/** Candidate drivers for a hazard, most promising first. */
export type DriverSource = (hazard: Hazard) => readonly DriverText[] | Promise<readonly DriverText[]>;
