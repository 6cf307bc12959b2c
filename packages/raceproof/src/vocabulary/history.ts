// What an execution did and how it ended, as the agent tells it.

export type OperationResult =
  | { readonly status: "returned"; readonly value: string }
  | {
      readonly status: "raised";
      readonly exception: string;
      /** Innermost frame inside the subject: "module:function". */
      readonly where: string;
      readonly message: string;
      /** True for an exception the subject raises on purpose as an answer (OSError, an explicit raise), false for a crash. */
      readonly domain: boolean;
      readonly traceback: readonly string[];
    }
  | { readonly status: "unfinished" };

export interface Outcome {
  readonly id: string;
  readonly threads: readonly { readonly operations: readonly OperationResult[] }[];
  readonly state: string;
  readonly ending: "finished" | "deadlock" | "hang" | "invariant";
  readonly detail: string;
}

/** One access of an execution, in the order they happened. */
export interface TraceEvent {
  readonly thread: number;
  readonly site: string;
  readonly file: string;
  readonly line: number;
  /** Number of the object by first sight; 0 for none. */
  readonly object: number;
  readonly name: string | null;
  /** File and line of the frames of the subject outside the one that makes the access, innermost first; when asked for. */
  readonly callers?: readonly (readonly [file: string, line: number])[];
  /** Short text of what was there before the access. */
  readonly read?: string;
  /** What is there after it, where it differs. */
  readonly wrote?: string;
}
