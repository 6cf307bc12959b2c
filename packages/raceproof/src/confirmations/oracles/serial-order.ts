// Judges an outcome against those of every serial order of whole operations. Needs no invariant from anybody.
// Source: Pradel and Gross, "Fully Automatic and Precise Detection of Thread Safety Violations", PLDI 2012 (an exception that no
// linearization shows); Herlihy and Wing, "Linearizability", TOPLAS 1990, without the real-time order between operations.
// Does not see: results that one serial order gives although another was meant.
import type { FailureSignature, Outcome, OperationResult, Relaxation } from "../../vocabulary/index.ts";
import { relaxedBy } from "./relaxed-outcomes.ts";

export type Judgment =
  /** One serial order gives the same. */
  | { readonly kind: "serial" }
  /** None does, and somebody declared that it is benign. */
  | { readonly kind: "relaxed"; readonly relaxation: Relaxation }
  | { readonly kind: "failure"; readonly signature: FailureSignature }
  /** Neither pass nor fail. */
  | { readonly kind: "undecided"; readonly reason: string };

type RaisedResult = Extract<OperationResult, { status: "raised" }>;

/** Strongest reason first: a crash of the subject, an answer no order gives, other results, deadlock, broken invariant. */
export function judgeOutcome(outcome: Outcome, serial: readonly Outcome[], declared: readonly Relaxation[] = []): Judgment {
  if (serial.some(({ id }) => id === outcome.id)) return { kind: "serial" };
  const relaxation = relaxedBy(outcome, serial, declared);
  if (relaxation !== undefined) return { kind: "relaxed", relaxation };
  if (outcome.ending === "hang") return { kind: "undecided", reason: `an execution did not end${outcome.detail === "" ? "" : ` (${outcome.detail})`}` };
  const exception = strangestException(outcome, serial);
  if (exception !== undefined) return { kind: "failure", signature: { kind: "exception", summary: nameException(exception) } };
  switch (outcome.ending) {
    case "finished":
      return { kind: "failure", signature: { kind: "outcome", summary: describeDifference(outcome, serial) } };
    case "deadlock":
      if (serial.some(({ ending }) => ending === "deadlock")) return { kind: "undecided", reason: "the threads block each other already in a serial order" };
      return {
        kind: "failure",
        signature: { kind: "deadlock", summary: `the threads wait for each other${outcome.detail === "" ? "" : ` (${outcome.detail})`}` },
      };
    case "invariant":
      return { kind: "failure", signature: { kind: "invariant", summary: "the invariant is broken" } };
  }
}

/** The same failure, also on another runtime: exceptions by type and place, anything else by kind. */
export function isSameFailure(a: FailureSignature, b: FailureSignature): boolean {
  return a.kind === b.kind && (a.kind === "exception" || a.kind === "crash" ? a.summary === b.summary : true);
}

function strangestException(outcome: Outcome, serial: readonly Outcome[]): RaisedResult | undefined {
  const usual = new Set(serial.flatMap(raisedIn).map(nameException));
  const strange = raisedIn(outcome).filter((result) => !usual.has(nameException(result)));
  return strange.find(({ domain }) => !domain) ?? strange[0];
}

function raisedIn(outcome: Outcome): RaisedResult[] {
  return resultsOf(outcome).filter((result) => result.status === "raised");
}

function resultsOf(outcome: Outcome): OperationResult[] {
  return outcome.threads.flatMap(({ operations }) => operations);
}

function nameException({ exception, where }: RaisedResult): string {
  return `${exception}@${where}`;
}

function describeDifference(outcome: Outcome, serial: readonly Outcome[]): string {
  const results = (one: Outcome): string => JSON.stringify(resultsOf(one).map((result) => (result.status === "raised" ? nameException(result) : result)));
  const hasSerialResults = serial.some((one) => results(one) === results(outcome));
  return hasSerialResults ? "a final state that no serial order gives" : "results that no serial order gives";
}
