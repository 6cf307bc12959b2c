// What a stress process is asked and what it answers; see protocol/README.md, "Stress". And how it ended when it did not answer.
import type { DriverText, StressControl, StressFailure } from "../../vocabulary/index.ts";

export type StressArm = "race" | StressControl["arm"];

/** What the process itself is to play. */
export function playedArm(arm: StressArm): StressRequest["arm"] {
  return arm === "one thread" || arm === "other object" ? arm : "race";
}

export interface StressRequest {
  readonly paths: readonly string[];
  readonly instrument: readonly string[];
  readonly driver: DriverText;
  /** "GIL on" and "lock around" are a race for the process; only its environment or its driver differs. */
  readonly arm: "race" | "one thread" | "other object";
  /** Of rounds; serial orders and the start of the interpreter come on top. */
  readonly seconds: number;
  readonly switchInterval: number | null;
  /** To be loaded before the subject, so that a sanitizer sees its memory. */
  readonly library?: string | null;
  /** Seconds after which the process is killed; it prints all stacks shortly before. */
  readonly killAfter: number;
}

export type StressReply =
  | {
      readonly ok: true;
      readonly gil: boolean;
      readonly rounds: number;
      readonly threads: number;
      readonly loops: number;
      /** Parts of an outcome that did not depend on the order of operations. */
      readonly judged: { readonly results: boolean; readonly state: boolean };
      readonly failures: readonly StressSymptom[];
    }
  | { readonly ok: false; readonly error: { readonly kind: string; readonly message: string } };

export interface StressSymptom {
  readonly kind: StressFailure["kind"];
  readonly summary: string;
  readonly message: string;
  readonly traceback: readonly string[];
  readonly workers: number;
}

/** How one process ended. */
export interface StressEnd {
  readonly reply: StressReply | undefined;
  /** It came as far as its first round. */
  readonly hasBegun: boolean;
  readonly code: number | null;
  readonly signal: string | null;
  readonly isKilled: boolean;
  readonly stderr: string;
}
