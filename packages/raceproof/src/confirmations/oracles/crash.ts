// Judges the death of the tested process. By a fault signal in a concurrent schedule while serial runs survive: a failure.
// Does not see: memory errors that do not end the process.
import { type AgentFailureReason, describeAgentFailure } from "../agent-failure.ts";
import type { Judgment } from "./serial-order.ts";

/** Signals that only a fault in native code raises; SIGKILL may be the system running out of memory. */
const faults: readonly string[] = ["SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE"];

/** The caller knows that the serial orders of the same driver survived in the same process. */
export function judgeDeath(reason: AgentFailureReason): Exclude<Judgment, { kind: "serial" | "relaxed" }> {
  switch (reason.kind) {
    case "exited":
      if (reason.signal !== null && faults.includes(reason.signal)) return { kind: "failure", signature: { kind: "crash", summary: reason.signal } };
      return {
        kind: "undecided",
        reason: `the tested process ended ${reason.signal === null ? `with status ${reason.code ?? "unknown"}` : `by ${reason.signal}`}`,
      };
    case "timeout":
      return { kind: "undecided", reason: `the tested process gave no sign for ${reason.seconds} s` };
    case "stopped":
      return { kind: "undecided", reason: describeAgentFailure(reason) };
    case "protocol":
      return { kind: "undecided", reason: `the tested process broke the connection (${reason.message})` };
    case "refused":
      return { kind: "undecided", reason: `the agent refused: ${reason.message}` };
  }
}
