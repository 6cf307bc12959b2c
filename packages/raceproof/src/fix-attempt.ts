// What the corridor for fixes passes around: what was asked, what it works on, and the texts after rounds of proposals.
import type { FixRound, FixSetting } from "./fix-audit.ts";
import type { AuditRequest } from "./subject-audit.ts";
import type { AppliedFix, Hazard, RefusedFix } from "./vocabulary/index.ts";

export interface FixRequest extends AuditRequest {
  /** Ids or fingerprints; every hazard shown when empty. */
  readonly hazards: readonly string[];
  /** off: patches in C are shown although no compiler has seen them. */
  readonly compiler: "on" | "off";
  /** Patched crates are given to `cargo check`, which executes their build scripts. */
  readonly build: boolean;
}

/** Files by path, one character per byte. */
export type Texts = ReadonlyMap<string, string>;

export interface FixTask {
  readonly root: string;
  readonly original: Texts;
  readonly setting: FixSetting;
  readonly wanted: readonly Hazard[];
}

export interface FixAttempt {
  readonly texts: Texts;
  readonly applied: readonly AppliedFix[];
  readonly refused: readonly RefusedFix[];
  /** New name of a function -> the one hazards had before. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly last: FixRound;
}
