// Counts of a report for its summary lines: findings by severity and verdict, and the denominators of the audit.
import type { Coverage, Finding, NativeCoverage, Reach, RustCoverage, SynthesisCoverage } from "../vocabulary/index.ts";
import { plural } from "./plain-text.ts";
import { reachWords, severitiesByWeight, severityWords, verdictOf, verdictsByWeight, verdictWords } from "./report-words.ts";

/** "3 crash, 10 corruption"; kinds that do not occur are left out; the empty text for no findings. */
export function tallySeverities(findings: readonly Finding[]): string {
  return tally(severitiesByWeight, severityWords, (severity) => findings.filter((finding) => finding.hazard.severity === severity).length);
}

/** "5 confirmed, 8 unproven". */
export function tallyVerdicts(findings: readonly Finding[]): string {
  return tally(verdictsByWeight, verdictWords, (verdict) => findings.filter((finding) => verdictOf(finding) === verdict).length);
}

/** "3 latent (...)". */
export function tallyReach(findings: readonly Finding[]): string {
  const kinds: readonly Reach[] = ["live", "latent", "single-threaded"];
  return tally(kinds, reachWords, (reach) => findings.filter((finding) => finding.hazard.reach === reach).length);
}

/** Empty when nothing was run for a hazard. */
export function describeSynthesis(synthesis: SynthesisCoverage | undefined): string {
  if (synthesis === undefined) return "";
  const { hazards, withDriver, without } = synthesis;
  const reasons = without.map(({ reason, hazards: count }) => `${count} (${reason})`);
  return `Drivers took threads through the accesses of ${withDriver} of ${plural(hazards, "hazard")}${reasons.length === 0 ? "" : `; not of ${reasons.join(", ")}`}.`;
}

/** The denominators in one sentence, without which "no findings" would mean nothing. */
export function describeCoverage(coverage: Coverage): string {
  const sources = `${plural(coverage.files, "file")} (${coverage.filesWithErrors} with parse errors), ${plural(coverage.lines, "line")}`;
  const declarations = `${plural(coverage.functions, "function")} (${coverage.functionsUnresolved} with calls not resolved) in ${plural(coverage.classes, "class", "classes")}`;
  const facts = [
    `${plural(coverage.accesses, "access", "accesses")} (${coverage.accessesUnresolved} unresolved)`,
    `${plural(coverage.calls, "call")} (${coverage.callsUnresolved} unresolved)`,
    plural(coverage.lockSpans, "lock span"),
  ];
  return `Looked at ${sources}; ${declarations}; ${facts.join(", ")}.${describeNative(coverage.native)}${describeRust(coverage.rust)}`;
}

function describeNative(native: NativeCoverage | undefined): string {
  if (native === undefined) return "";
  return ` In C and C++: ${plural(native.files, "file")}, ${plural(native.lines, "line")}, ${plural(native.functions, "function")}; ${native.errorBytes} of ${plural(native.bytes, "byte")} not understood.`;
}

function describeRust(rust: RustCoverage | undefined): string {
  if (rust === undefined) return "";
  const read = `${plural(rust.files, "file")}, ${plural(rust.lines, "line")}, ${plural(rust.functions, "function")} (${rust.exposed} that Python calls)`;
  return ` In Rust: ${read}; ${rust.errorBytes} of ${plural(rust.bytes, "byte")} not understood, ${rust.macrosUnread} of ${plural(rust.macros, "macro")} not read.`;
}

function tally<Kind extends string>(kinds: readonly Kind[], words: Readonly<Record<Kind, string>>, count: (kind: Kind) => number): string {
  return kinds
    .map((kind) => ({ kind, number: count(kind) }))
    .filter(({ number }) => number > 0)
    .map(({ kind, number }) => `${number} ${words[kind]}`)
    .join(", ");
}
