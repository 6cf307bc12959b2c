// A witness: everything needed to reproduce one bad interleaving in a fresh process. A public promise, versioned.
import type { OperationResult, Outcome, TraceEvent } from "./history.ts";
import type { RuntimeModelName } from "./reachability.ts";
import type { Plan } from "./schedule.ts";

export interface DriverText {
  readonly name: string;
  readonly source: string;
}

/** What made the outcome bad; compared again on replay. */
export interface FailureSignature {
  readonly kind: "exception" | "outcome" | "deadlock" | "crash" | "invariant";
  /** "IndexError@pkg.mod:Cls.method" for exceptions; a short description otherwise. */
  readonly summary: string;
}

export interface Witness {
  readonly schemaVersion: 2;
  /** As the user named it: "package==1.2.0". */
  readonly subject: string;
  /** Module prefixes that were instrumented. */
  readonly instrument: readonly string[];
  /** Module -> the first digits of its source's SHA-256, for the modules its accesses are in. Empty in witnesses of version 1. */
  readonly sources: Readonly<Record<string, string>>;
  readonly driver: DriverText;
  readonly plan: Plan;
  readonly failure: FailureSignature;
  readonly outcome: Outcome;
  /** What serial orders give, for comparison. */
  readonly serial: readonly {
    readonly order: readonly number[];
    readonly threads: readonly { readonly operations: readonly OperationResult[] }[];
    readonly state: string;
  }[];
  readonly trace: readonly TraceEvent[];
  /** Runtime it was found on. */
  readonly runtime: string;
  /** The model under which the plan can be played; absent: any. */
  readonly model?: RuntimeModelName;
  readonly preemptions: number;
  /** Its driver needs the subject's compiled extension, which a source tree alone does not have. */
  readonly extension?: true;
}

/** Enough to tell two texts apart, short enough for a line to paste. */
export function sourceDigest(sha256: string): string {
  return sha256.slice(0, 16);
}
