// Why a request to the agent got no answer. A typed error, so that a crash of the tested process can become a verdict.

export type AgentFailureReason =
  /** The process ended. `progress`: index of the schedule it was running in the current batch, if it had begun one. */
  | {
      readonly kind: "exited";
      readonly code: number | null;
      readonly signal: string | null;
      readonly stderrTail: string;
      readonly progress: number | undefined;
    }
  /** No answer in time; the process was killed. */
  | { readonly kind: "timeout"; readonly seconds: number; readonly stderrTail: string; readonly progress: number | undefined }
  /** Nobody waits for the answer any more; the process was killed. */
  | { readonly kind: "stopped" }
  /** The answer is not a message of the protocol; the process was killed. */
  | { readonly kind: "protocol"; readonly message: string; readonly stderrTail: string }
  /** The agent answered that it cannot. The process lives on. */
  | { readonly kind: "refused"; readonly because: RefusalKind; readonly message: string; readonly traceback: string };

/** usage: malformed request. import: subject or driver cannot be imported. driver: breaks the driver format. setup: setup() raised. */
export type RefusalKind = "usage" | "import" | "driver" | "setup" | "internal";

export class AgentFailure extends Error {
  override readonly name: string = "AgentFailure";
  readonly reason: AgentFailureReason;

  constructor(reason: AgentFailureReason) {
    super(describeAgentFailure(reason));
    this.reason = reason;
  }
}

/** One line for reports and notifications. */
export function describeAgentFailure(reason: AgentFailureReason): string {
  switch (reason.kind) {
    case "exited":
      return `the process ended ${reason.signal === null ? `with status ${reason.code ?? "unknown"}` : `by ${reason.signal}`}${quoteTail(reason.stderrTail)}`;
    case "timeout":
      return `no answer within ${reason.seconds} s; the process was killed${quoteTail(reason.stderrTail)}`;
    case "stopped":
      return "it was stopped";
    case "protocol":
      return `broken message from the agent: ${reason.message}${quoteTail(reason.stderrTail)}`;
    case "refused":
      return `${refusals[reason.because]}: ${firstLine(reason.message)}`;
  }
}

const refusals: Readonly<Record<RefusalKind, string>> = {
  usage: "the agent refused a request",
  import: "import failed",
  driver: "the driver is not valid",
  setup: "setup() failed",
  internal: "the agent failed",
};

const LONGEST_QUOTE = 160;

function quoteTail(tail: string): string {
  const last =
    tail
      .trim()
      .split("\n")
      .findLast((line) => line.trim() !== "") ?? "";
  return last === "" ? "" : `; last line on stderr: ${last.trim().slice(0, LONGEST_QUOTE)}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.slice(0, LONGEST_QUOTE) ?? "";
}
