// What an analysis thread is started with and what it answers: plain data on the way between threads.
import type { AnalysisReplies, Consulted, Pack, UnparsedFile } from "../facts/index.ts";

export interface WorkerTask {
  readonly files: readonly UnparsedFile[];
  /** Patterns of names that are locks although nothing in the program shows it. */
  readonly lockNames: readonly string[];
}

export interface PackedFacts {
  readonly pack: Pack;
  readonly consulted: Consulted;
}

export type WorkerReply =
  | { readonly want: "outlines"; readonly replies: AnalysisReplies["outlines"] }
  | { readonly want: "passed"; readonly replies: AnalysisReplies["passed"] }
  | { readonly want: "facts"; readonly replies: readonly PackedFacts[] };
