// A finding: a hazard with what confirmation said of it. And the report model that all renderers read.
import type { ClassAudit } from "./class-audit.ts";
import type { Confirmation } from "./confirmation.ts";
import type { Hazard } from "./hazard.ts";
import type { NativeFault } from "./native-fault.ts";
import type { RuleMetadata } from "./rule.ts";
import type { Runtime } from "./runtime.ts";

/** Why a hazard is not counted: somebody looked at it and said so, in the source, the configuration or the baseline. */
export interface Suppression {
  /** comment: `# raceproof: allow[...]`. foreign-comment: a word of another tool that says the same. configuration: ignore or per-file-ignores. baseline: known before. */
  readonly by: "comment" | "foreign-comment" | "configuration" | "baseline";
  readonly reason: string;
  /** Where it stands: a source file, relative to the subject's root; the settings or baseline file, as the user would name it. */
  readonly file: string;
  readonly line: number | undefined;
}

export interface Finding {
  readonly hazard: Hazard;
  readonly confirmation: Confirmation | undefined;
}

export interface SuppressedFinding extends Finding {
  readonly suppression: Suppression;
}

/** What a hand-written driver showed, whatever the audit says of the code it runs. */
export interface DriverResult {
  readonly name: string;
  readonly confirmation: Confirmation;
}

/** Denominators: without them a zero means nothing. */
export interface Coverage {
  readonly files: number;
  readonly filesWithErrors: number;
  readonly lines: number;
  readonly functions: number;
  /** Functions with at least one call whose target is not known: effects through it are not seen. */
  readonly functionsUnresolved: number;
  readonly classes: number;
  readonly accesses: number;
  readonly accessesUnresolved: number;
  readonly calls: number;
  readonly callsUnresolved: number;
  readonly lockSpans: number;
  /** Absent when the subject has no extension sources. */
  readonly native?: NativeCoverage;
  /** Absent when the subject has no Rust sources. */
  readonly rust?: RustCoverage;
}

/** The same of a crate's sources. */
export interface RustCoverage {
  readonly files: number;
  readonly lines: number;
  readonly functions: number;
  /** Of those, what Python can call. */
  readonly exposed: number;
  readonly macros: number;
  /** Macros whose text is neither arguments nor items: what they do is not known. */
  readonly macrosUnread: number;
  readonly bytes: number;
  readonly errorBytes: number;
}

/** The same of an extension's sources. */
export interface NativeCoverage {
  readonly files: number;
  readonly lines: number;
  readonly functions: number;
  /** Of the text after the preprocessor, and those that did not parse. */
  readonly bytes: number;
  readonly errorBytes: number;
}

/** How many hazards got a driver that takes threads through their accesses, and why the others did not: the denominator of what was proved. */
export interface SynthesisCoverage {
  readonly hazards: number;
  readonly withDriver: number;
  /** Hazards without one, by how far their best driver got. */
  readonly without: readonly { readonly reason: string; readonly hazards: number }[];
}

export interface Notification {
  readonly level: "note" | "warning" | "error";
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

export interface SubjectIdentity {
  readonly specification: string;
  readonly name: string;
  readonly version: string | undefined;
  /** Absolute folder that `file` paths of spans are relative to. */
  readonly root: string;
}

export interface Environment {
  readonly toolVersion: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly runtimes: readonly Runtime[];
}

/** Everything a renderer may print. `findings` are sorted: rule, then file and line. */
export interface Report {
  readonly subject: SubjectIdentity;
  readonly findings: readonly Finding[];
  /** Same order; they do not change the exit code. */
  readonly suppressed: readonly SuppressedFinding[];
  /** The baseline the findings were compared with: they are what it does not have. */
  readonly baseline: { readonly file: string; readonly stale: number } | undefined;
  readonly drivers: readonly DriverResult[];
  /** Classes explored pair by pair; empty unless asked for. */
  readonly classes: readonly ClassAudit[];
  /** What running a built extension showed; absent when none was built. */
  readonly faults?: readonly NativeFault[];
  /** Hazards below the shown confidence. */
  readonly hidden: number;
  readonly rules: readonly RuleMetadata[];
  readonly coverage: Coverage;
  /** Absent when nothing was run for a hazard. */
  readonly synthesis?: SynthesisCoverage | undefined;
  readonly notifications: readonly Notification[];
  readonly environment: Environment;
  /** Wall seconds per stage, for information. */
  readonly seconds: Readonly<Record<string, number>>;
}
