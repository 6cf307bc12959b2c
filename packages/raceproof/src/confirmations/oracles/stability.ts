// Says whether a driver can be judged at all, from its serial orders. A driver that fails without threads proves nothing.
import type { OperationResult, Outcome } from "../../vocabulary/index.ts";
import type { SerialReply } from "../agent-messages.ts";

export type Stability =
  | { readonly kind: "judgeable" }
  /** The driver is of no use. */
  | { readonly kind: "discarded"; readonly reason: string }
  /** The driver may be fine, but its outcomes cannot be compared. */
  | { readonly kind: "unstable"; readonly reason: string };

export function judgeStability(serial: SerialReply): Stability {
  const outcomes = serial.outcomes;
  const stuck = outcomes.find(({ ending }) => ending === "hang" || ending === "deadlock");
  if (stuck !== undefined)
    return {
      kind: "discarded",
      reason: stuck.ending === "hang" ? `a serial order does not end${inBrackets(stuck.detail)}` : `a serial order blocks${inBrackets(stuck.detail)}`,
    };
  if (outcomes.some(({ ending }) => ending === "invariant")) return { kind: "discarded", reason: "a serial order breaks the invariant" };
  const results = outcomes.flatMap(resultsOf);
  if (results.length > 0 && results.every(({ status }) => status === "raised"))
    return { kind: "discarded", reason: `every operation raises in every serial order (${nameFirst(results)})` };
  if (!serial.stable) return { kind: "unstable", reason: "one serial order gives different outcomes when repeated" };
  return { kind: "judgeable" };
}

function resultsOf(outcome: Outcome): OperationResult[] {
  return outcome.threads.flatMap(({ operations }) => operations);
}

function nameFirst(results: readonly OperationResult[]): string {
  const first = results.find((result) => result.status === "raised");
  return first === undefined ? "" : `${first.exception}: ${first.message.split("\n", 1)[0]?.slice(0, 120) ?? ""}`;
}

function inBrackets(detail: string): string {
  return detail === "" ? "" : ` (${detail})`;
}
