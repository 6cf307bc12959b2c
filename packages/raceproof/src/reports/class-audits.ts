// Class audits of a report in; rows for tables, lines for a terminal and JSON values out.
import type { ClassAudit, ClassFailure, ClassFailureRank, Verdict } from "../vocabulary/index.ts";
import { plural } from "./plain-text.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";

export interface JsonClassFailure {
  readonly rank: ClassFailureRank;
  readonly summary: string;
  /** Why it is benign. */
  readonly because?: string;
  readonly operations: readonly [string, string];
  /** How many pairs of entry points showed it. */
  readonly pairs: number;
  /** Hazards that explain it; none: a miss of the audit. */
  readonly hazards: readonly string[];
  readonly verdict: Verdict;
  readonly reason: string;
  readonly witness?: string;
}

export interface JsonClassAudit extends Omit<ClassAudit, "failures"> {
  readonly failures: readonly JsonClassFailure[];
}

export function renderClassAudit({ failures, ...counts }: ClassAudit, options: WitnessEncoding): JsonClassAudit {
  return { ...counts, failures: failures.map((failure) => failureOf(failure, options)) };
}

function failureOf({ rank, summary, because, operations, pairs, hazards, confirmation }: ClassFailure, options: WitnessEncoding): JsonClassFailure {
  const { verdict, reason, witness } = confirmation;
  return {
    rank,
    summary,
    ...(because === undefined ? {} : { because }),
    operations,
    pairs,
    hazards,
    verdict,
    reason,
    ...(witness === undefined ? {} : { witness: options.encodeWitness(witness) }),
  };
}

export function describeClassAudit(audit: ClassAudit): string {
  const { methods, uncalled, operations, pairs, conflicting, explored, exhausted, schedules, runtime, states, undecided } = audit;
  const open = undecided.reduce((sum, each) => sum + each.pairs, 0);
  return [
    `${plural(methods, "entry point")} (${uncalled.length} without a call that works), ${plural(operations, "call")}, ${plural(pairs, "pair")}, of which ${conflicting} touch the same location`,
    `${explored} explored on ${runtime}, ${exhausted} with one preemption at every conflicting access, ${plural(schedules, "schedule")}`,
    `state: ${states.join("; ")}`,
    ...audit.endless.map(({ call, detail }) => `endless with one thread, not a race: ${call} ${detail}`),
    ...(open === 0 ? [] : [`${plural(open, "time")} nothing could be said of a pair`]),
  ].join(". ");
}

export interface ClassFailureRow {
  readonly rank: string;
  readonly failure: string;
  readonly operations: string;
  readonly verdict: Verdict;
  readonly note: string;
}

const rankWords: Readonly<Record<ClassFailureRank, string>> = {
  crash: "crash",
  deadlock: "deadlock",
  "wrong-outcome": "wrong outcome",
  answer: "unexpected answer",
  benign: "benign",
};

export function rowOf({ rank, summary, because, operations, pairs, hazards, confirmation }: ClassFailure): ClassFailureRow {
  const explained = hazards.length === 0 ? "the audit missed it" : `explained by ${plural(hazards.length, "hazard")}`;
  const note = [because, pairs > 1 ? `${pairs} pairs` : undefined, rank === "benign" ? undefined : explained].filter((part) => part !== undefined).join("; ");
  return { rank: rankWords[rank], failure: summary, operations: operations.join(" against "), verdict: confirmation.verdict, note };
}
