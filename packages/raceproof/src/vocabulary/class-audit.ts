// What running every pair of a class's entry points against each other said.
import type { Confirmation } from "./confirmation.ts";

/**
 * crash: an exception that nobody raised on purpose, or a dead process. deadlock. wrong-outcome: results or state that no serial
 * order gives. answer: an exception raised on purpose, but in no serial order. benign: what users of such classes live with.
 */
export type ClassFailureRank = "crash" | "deadlock" | "wrong-outcome" | "answer" | "benign";

export interface ClassFailure {
  readonly rank: ClassFailureRank;
  /** "IndexError@pkg.mod:Cls.pop", or the kind of difference and the function that was interrupted. */
  readonly summary: string;
  /** Why it is benign; undefined for the others. */
  readonly because: string | undefined;
  /** The two entry points of the witness. */
  readonly operations: readonly [string, string];
  /** How many pairs of entry points showed it. */
  readonly pairs: number;
  /** Ids of the hazards that explain it; none: the audit missed it. */
  readonly hazards: readonly string[];
  readonly confirmation: Confirmation;
}

/** What was tried with one pair on the filled instance. */
export interface PairExploration {
  readonly operations: readonly [string, string];
  readonly schedules: number;
  /** So many preemptions were tried at every conflicting access; 0: serial orders only. */
  readonly bound: number;
  /** Why nothing, or not everything, can be said of it. */
  readonly open?: string;
}

/** A call that does not end although no other thread is there: not a race. */
export interface EndlessCall {
  /** "instance.extend(instance)". */
  readonly call: string;
  /** How it was told: "operation_a passed 800000 switch points". */
  readonly detail: string;
  /** A Python program that makes the call; it does not end. */
  readonly reproducer: string;
}

export interface ClassAudit {
  /** "package.module:Class". */
  readonly name: string;
  readonly runtime: string;
  /** Entry points of the class, and those for which no call was found that ends alone. */
  readonly methods: number;
  readonly uncalled: readonly { readonly method: string; readonly reason: string }[];
  /** Whether it should end, a person must say: it may be meant to go on until another thread stops it. */
  readonly endless: readonly EndlessCall[];
  /** How the instance was made and filled, one state after the other. */
  readonly states: readonly string[];
  /** Calls that were paired: up to a few per entry point. */
  readonly operations: number;
  /** All pairs of these, the ones of them that touch a location in conflict, those explored, and those with one preemption at every place. */
  readonly pairs: number;
  readonly conflicting: number;
  readonly explored: number;
  readonly exhausted: number;
  readonly schedules: number;
  readonly explorations: readonly PairExploration[];
  readonly failures: readonly ClassFailure[];
  /** Why some pairs count neither as pass nor as failure, with how many. */
  readonly undecided: readonly { readonly reason: string; readonly pairs: number }[];
  readonly seconds: number;
}
