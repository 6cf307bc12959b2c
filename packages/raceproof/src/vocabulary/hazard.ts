// A hazard: a statically suspected instance of a shape. Two accesses that may race, and why we believe it.
import type { Access } from "./access.ts";
import type { Location } from "./location.ts";
import type { Confidence, Reach, Severity } from "./rule.ts";
import type { RuntimeFamily } from "./runtime.ts";
import type { SourceSpan } from "./source-span.ts";

export interface Hazard {
  /** Short and stable within one report: "python/check-then-act:3f2a91". Given to `--hazard`. */
  readonly id: string;
  /** Survives moved lines: hash of rule, file, function, location and the normalized source of the accesses. */
  readonly fingerprint: string;
  /**
   * Survives moved lines, reformatted code and renamed files: hash of rule, function, location and the tokens of the suspect
   * statements. Equal code at two places has the same; for comparing two revisions.
   */
  readonly structure: string;
  readonly rule: string;
  readonly language: "python" | "cython" | "c" | "rust";
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly reach: Reach;
  /** Runtimes on which the operation does not happen in one step; absent: on every one, or not known. */
  readonly reachableOn?: readonly RuntimeFamily[] | undefined;
  /** The statement to look at. */
  readonly span: SourceSpan;
  readonly function: string;
  readonly location: Location;
  readonly message: string;
  /** The accesses of the suspect sequence first, in program order, then those of other threads that interfere. */
  readonly accesses: readonly Access[];
  /** Why this is believed (or doubted), one sentence each; feeds `confidence`. */
  readonly evidence: readonly string[];
}
