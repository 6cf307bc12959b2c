// What showed a hazard of compiled code under real threads: enough to run it again, and how often a guard made of it saw its race.
import type { DriverText } from "./witness.ts";

export interface ParallelWorkload {
  readonly driver: DriverText;
  /** The same with a lock around every call: what fails there too is no race. */
  readonly locked: DriverText;
  /** How it was seen. */
  readonly failure: string;
  /** Where it was seen. */
  readonly runtime: string;
}

/** Runs of a whole guard on one build and one machine; elsewhere the rate is another. */
export interface CatchRate {
  readonly runtime: string;
  /** Unfixed code. */
  readonly race: { readonly failing: number; /** Of those: without a crash, stuck. */ readonly hung: number; readonly runs: number };
  /** A lock around every call. */
  readonly control: { readonly failing: number; readonly runs: number };
}
