// A report in, the JSON of `--output-format json` out. A public promise (schemaVersion 1, schema/report.schema.json):
// fields may be added, never renamed, removed or given another meaning. No path of this machine but the subject's root.
import type {
  Access,
  AccessKind,
  Confidence,
  Confirmation,
  Coverage,
  DriverResult,
  FamilyReach,
  Finding,
  Hazard,
  NativeFault,
  Notification,
  Reach,
  RelaxedOutcomes,
  Report,
  RuntimeFamily,
  RuntimeRow,
  SearchRung,
  Severity,
  Suppression,
  SynthesisCoverage,
  TriedDriver,
  Verdict,
} from "../vocabulary/index.ts";
import { type JsonClassAudit, renderClassAudit } from "./class-audits.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";
import { verdictOf } from "./report-words.ts";

export interface JsonAccess {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly function: string;
  readonly kind: AccessKind;
  /** As in "Cache.entries". */
  readonly location: string;
  readonly lockset: readonly string[];
  /** Calls that lead there from an entry point, outermost first; absent when there are none. */
  readonly calls?: readonly { readonly file: string; readonly line: number }[];
}

/** What the audit says of a hazard. */
export interface JsonHazard {
  readonly id: string;
  readonly fingerprint: string;
  /** Survives reformatting and renamed files too; equal code has an equal one. */
  readonly structure: string;
  readonly rule: string;
  readonly language: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly reach: Reach;
  /** Absent: on every runtime, or not known. */
  readonly reachableOn?: readonly RuntimeFamily[];
  /** Relative to `subject.root`, forward slashes. */
  readonly file: string;
  /** Lines from 1; columns from 0 in UTF-8 bytes. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly function: string;
  readonly location: string;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly accesses: readonly JsonAccess[];
}

export interface JsonFinding extends JsonHazard {
  readonly verdict: Verdict;
  /** Why this verdict. Absent, like the four below it, when nothing was run for this hazard. */
  readonly reason?: string;
  readonly runtimes?: readonly RuntimeRow[];
  /** On which kinds of interpreters the witness's failure can show, by models of them. */
  readonly reachability?: readonly FamilyReach[];
  readonly search?: readonly SearchRung[];
  readonly uncontrolled?: readonly string[];
  /** Outcomes that no serial order gives and that a driver or the settings declare benign; absent when there were none. */
  readonly relaxed?: readonly RelaxedOutcomes[];
  readonly drivers?: readonly TriedDriver[];
  /** One line for `raceproof replay`. */
  readonly witness?: string;
}

/** A finding that somebody answered for; it does not change the exit code. */
export interface JsonSuppressedFinding extends JsonFinding {
  readonly suppression: { readonly by: Suppression["by"]; readonly reason: string; readonly file: string; readonly line?: number };
}

export interface JsonDriver {
  readonly name: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly witness?: string;
  readonly runtimes?: readonly RuntimeRow[];
  readonly reachability?: readonly FamilyReach[];
}

export interface JsonReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "raceproof"; readonly version: string };
  readonly subject: { readonly specification: string; readonly name: string; readonly version: string | null; readonly root: string };
  readonly environment: {
    readonly node: string;
    readonly platform: string;
    readonly cores: number;
    readonly runtimes: readonly { readonly id: string; readonly implementation: string; readonly version: string; readonly freeThreaded: boolean }[];
  };
  readonly findings: readonly JsonFinding[];
  readonly suppressed: readonly JsonSuppressedFinding[];
  /** The baseline the findings were compared with. */
  readonly baseline?: { readonly file: string; readonly stale: number };
  /** What hand-written drivers showed. */
  readonly drivers: readonly JsonDriver[];
  /** Classes explored pair by pair; absent unless asked for. */
  readonly classes?: readonly JsonClassAudit[];
  /** What a built extension did under a sanitizer, each distinct pair of places once; absent when none was built. */
  readonly faults?: readonly NativeFault[];
  /** Hazards below the shown confidence. */
  readonly hidden: number;
  readonly coverage: Coverage;
  /** How many hazards got a driver that exercises them; absent when nothing was run. */
  readonly synthesis?: SynthesisCoverage;
  readonly notifications: readonly Notification[];
  /** Wall seconds per stage. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** @returns JSON text of a {@link JsonReport}, indented by two spaces, ending in a line break. */
export function renderJson(report: Report, options: WitnessEncoding): string {
  return `${JSON.stringify(renderJsonReport(report, options), undefined, 2)}\n`;
}

/** The same as a value, for doors that speak JSON themselves. */
export function renderJsonReport(report: Report, options: WitnessEncoding): JsonReport {
  const { subject, environment } = report;
  return {
    schemaVersion: 1,
    tool: { name: "raceproof", version: environment.toolVersion },
    subject: { specification: subject.specification, name: subject.name, version: subject.version ?? null, root: subject.root },
    environment: {
      node: environment.node,
      platform: environment.platform,
      cores: environment.cores,
      runtimes: environment.runtimes.map(({ id, implementation, version, freeThreaded }) => ({ id, implementation, version, freeThreaded })),
    },
    findings: report.findings.map((finding) => findingOf(finding, options)),
    suppressed: report.suppressed.map(({ suppression: { line, ...suppression }, ...finding }) => ({
      ...findingOf(finding, options),
      suppression: line === undefined ? suppression : { ...suppression, line },
    })),
    ...(report.baseline === undefined ? {} : { baseline: report.baseline }),
    drivers: report.drivers.map((result) => driverOf(result, options)),
    ...(report.classes.length === 0 ? {} : { classes: report.classes.map((audit) => renderClassAudit(audit, options)) }),
    ...(report.faults === undefined ? {} : { faults: report.faults }),
    hidden: report.hidden,
    coverage: report.coverage,
    ...(report.synthesis === undefined ? {} : { synthesis: report.synthesis }),
    notifications: report.notifications,
    seconds: report.seconds,
  };
}

function driverOf({ name, confirmation }: DriverResult, options: WitnessEncoding): JsonDriver {
  const { verdict, reason, witness, runtimes } = confirmation;
  return { name, verdict, reason, ...(witness === undefined ? {} : { witness: options.encodeWitness(witness) }), runtimes, ...reachabilityOf(confirmation) };
}

function findingOf(finding: Finding, options: WitnessEncoding): JsonFinding {
  return { ...renderJsonHazard(finding.hazard), verdict: verdictOf(finding), ...confirmationOf(finding, options) };
}

export function renderJsonHazard(hazard: Hazard): JsonHazard {
  return {
    id: hazard.id,
    fingerprint: hazard.fingerprint,
    structure: hazard.structure,
    rule: hazard.rule,
    language: hazard.language,
    severity: hazard.severity,
    confidence: hazard.confidence,
    reach: hazard.reach,
    ...(hazard.reachableOn === undefined ? {} : { reachableOn: hazard.reachableOn }),
    file: hazard.span.file,
    line: hazard.span.line,
    column: hazard.span.column,
    endLine: hazard.span.endLine,
    endColumn: hazard.span.endColumn,
    function: hazard.function,
    location: hazard.location.display,
    message: hazard.message,
    evidence: hazard.evidence,
    accesses: hazard.accesses.map(accessOf),
  };
}

function accessOf(access: Access): JsonAccess {
  return {
    file: access.span.file,
    line: access.span.line,
    function: access.function,
    kind: access.kind,
    location: access.location.display,
    lockset: access.lockset,
    ...(access.calls === undefined ? {} : { calls: access.calls.map(({ file, line }) => ({ file, line })) }),
  };
}

function confirmationOf(finding: Finding, options: WitnessEncoding): Partial<JsonFinding> {
  const { confirmation } = finding;
  if (confirmation === undefined) return {};
  return {
    reason: confirmation.reason,
    runtimes: confirmation.runtimes,
    ...reachabilityOf(confirmation),
    search: confirmation.rungs,
    uncontrolled: confirmation.uncontrolled,
    ...(confirmation.relaxed === undefined ? {} : { relaxed: confirmation.relaxed }),
    drivers: confirmation.drivers,
    ...(confirmation.witness === undefined ? {} : { witness: options.encodeWitness(confirmation.witness) }),
  };
}

function reachabilityOf({ reachability }: Confirmation): { readonly reachability?: readonly FamilyReach[] } {
  return reachability === undefined ? {} : { reachability };
}
