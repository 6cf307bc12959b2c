// What a sanitizer, or the interpreter, said of a built extension: two places in its own files, and the hazards that say so too.
import type { Hazard } from "./hazard.ts";

export const sanitizerKinds = ["address", "thread"] as const;

/** address: uses of freed memory. thread: data races, whether or not anything breaks. */
export type SanitizerKind = (typeof sanitizerKinds)[number];

export interface NativePlace {
  /** Relative to the subject's root. */
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

/** One distinct pair of places, over all processes that were run. */
export interface NativeFault {
  /** "heap-use-after-free", "SEGV", "data race". */
  readonly kind: string;
  /** In one line. */
  readonly summary: string;
  /** Innermost own frame of the thread that failed; absent when none of its frames is the subject's. */
  readonly use?: NativePlace;
  /** Of who freed the memory, or made the other access. */
  readonly other?: NativePlace;
  /** Processes that ended so, and all that the same drivers ran in. */
  readonly failing: number;
  readonly repeats: number;
  readonly runtime: string;
  /** With one thread too: no race, or not only. */
  readonly threads: "many" | "one";
  /** Ids of the hazards it shows; none: the audit missed it. */
  readonly hazards: readonly Hazard["id"][];
}
