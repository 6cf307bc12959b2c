// What a person asks for when the subject is to be run: which hazards, drivers and classes, on what, how much of it, and where results are kept.
import type { SearchBudget } from "./confirmations/index.ts";
import type { AuditRequest } from "./subject-audit.ts";
import type { DriverText, RuntimeModelName, SanitizerKind } from "./vocabulary/index.ts";

export interface ConfirmRequest extends AuditRequest {
  /** Interpreter: path, id or version prefix; the default choice when undefined. */
  readonly python: string | undefined;
  /** Where threads can be switched in every search; any when undefined. */
  readonly model?: RuntimeModelName | undefined;
  /** Hazard ids to confirm; all shown ones when empty. */
  readonly hazards: readonly string[];
  /** Hand-written drivers, tried for every selected hazard before synthesized ones. */
  readonly drivers: readonly DriverText[];
  /** Classes to explore pair by pair, "package.module:Class"; hazards are confirmed only if they are named, too. */
  readonly classes: readonly string[];
  /** Where nothing is named: so many classes that hazards are about are explored after the hazards. */
  readonly furtherClasses: number;
  readonly budget: SearchBudget;
  /** Wall seconds for everything, the audit included. */
  readonly secondsInAll: number;
  /** Replay witnesses on the other runtimes found, too. */
  readonly replayElsewhere: boolean;
  readonly workers: number;
  /** Wall seconds of real threads, on one runtime of each family, for what was confirmed; not done when undefined. */
  readonly stressSeconds?: number | undefined;
  /** Where results are kept as they come, by the name of the subject; nowhere when undefined. */
  readonly keep: { readonly fileOf: (subject: string) => string; readonly resume: boolean } | undefined;
  /** Extensions may be built, which executes their builds, and their hazards tried on what comes out. */
  readonly build: boolean;
  /** What real threads of an extension in C are watched by. */
  readonly sanitizer: SanitizerKind;
  /** Cargo.toml to build a crate by, instead of its own: another version of what it depends on. */
  readonly manifest: string | undefined;
  /** From now on stopping leaves a report. */
  readonly onExploring: () => void;
  /** Aborted when a person wants it to stop. */
  readonly signal?: AbortSignal | undefined;
}
