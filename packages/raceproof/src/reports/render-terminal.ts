// A report in, text for a terminal out: per shape one line per finding with the accesses below it, then counts, denominators
// and what to run next. Colors only when asked for. Witness strings too long to copy are left to the JSON report.
import { createColors } from "picocolors";
import type { Access, ClassAudit, Finding, Report, Severity, SuppressedFinding, Verdict } from "../vocabulary/index.ts";
import { lengthOf, oneLine, plural, quoteForShell, wrapText } from "./plain-text.ts";
import { describeClassAudit, rowOf } from "./class-audits.ts";
import { faultRow, tallyFaults } from "./native-faults.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";
import {
  describeCalls,
  describeReachability,
  describeSuppression,
  describeVerdict,
  severityWords,
  tallySuppressions,
  verdictOf,
  verdictWords,
} from "./report-words.ts";
import { groupByShape, isConfirmed } from "./shape-groups.ts";
import type { ShapeGroup } from "./shape-groups.ts";
import { describeCoverage, describeSynthesis, tallySeverities, tallyVerdicts } from "./tallies.ts";

export interface TerminalOptions extends WitnessEncoding {
  readonly color: boolean;
  /** Columns; longer findings are wrapped. */
  readonly width: number;
  /** Also list unconfirmed hazards of low confidence that the report carries. */
  readonly showLow: boolean;
}

type Paint = ReturnType<typeof createColors>;

const witnessLimit = 2000;
const smallestWidth = 40;
const notificationLimit = 5;
const suppressedLimit = 20;

/** @returns text ending in a line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const findings = options.showLow ? report.findings : report.findings.filter(isShownByDefault);
  const hidden = report.hidden + report.findings.length - findings.length;
  const shown: Report = { ...report, findings, hidden };
  const paint = createColors(options.color);
  const width = Math.max(smallestWidth, options.width);
  const groups = groupByShape(shown);
  return `${[...groups.flatMap((group) => [...renderGroup(group, paint, width), ""]), ...renderDrivers(report, paint), ...report.classes.flatMap((audit) => renderClass(audit, paint)), ...renderFaults(report, paint), ...renderSuppressed(report.suppressed, paint), ...renderSummary(shown, paint), ...renderNextSteps(groups, report, options)].join("\n")}\n`;
}

function isShownByDefault(finding: Finding): boolean {
  return finding.hazard.confidence !== "low" || isConfirmed(finding);
}

function renderGroup(group: ShapeGroup, paint: Paint, width: number): readonly string[] {
  const findings = group.findings.map(({ finding }) => finding);
  const facts = `${paintSeverity(group.severity, paint)}, ${plural(findings.length, "site")}: ${tallyVerdicts(findings)}`;
  const heading = `${paint.bold(oneLine(group.title))} ${paint.dim(oneLine(group.ruleId))} (${facts})`;
  return [heading, ...findings.flatMap((finding) => renderFinding(finding, paint, width))];
}

function renderFinding(finding: Finding, paint: Paint, width: number): readonly string[] {
  const { hazard } = finding;
  const place = oneLine(`${hazard.span.file}:${hazard.span.line}`);
  const rest = oneLine(`${hazard.function}  ${hazard.location.display}`);
  const message = oneLine(hazard.message);
  const verdict = `[${describeVerdict(finding)}]`;
  const accesses = hazard.accesses.map((access) => `      ${paint.dim(describeAccess(access))}`);
  const painted = paintVerdict(verdictOf(finding), oneLine(verdict), paint);
  const why = reasonOf(finding, width).map((line) => paint.dim(line));
  if (lengthOf(`  ${place}  ${rest}  ${message}  ${verdict}`) <= width) return [`  ${paint.bold(place)}  ${rest}  ${message}  ${painted}`, ...accesses, ...why];
  const wrapped = wrapText(message, width - 4).map((line) => `    ${line}`);
  return [`  ${paint.bold(place)}  ${rest}  ${painted}`, ...wrapped, ...accesses, ...why];
}

/** A witness speaks for itself; every other verdict of a run needs its reason. */
function reasonOf(finding: Finding, width: number): readonly string[] {
  if (finding.confirmation === undefined || isConfirmed(finding)) return [];
  return wrapText(oneLine(`${verdictWords[verdictOf(finding)]}: ${finding.confirmation.reason}`), width - 6).map((line) => `      ${line}`);
}

function renderSuppressed(suppressed: readonly SuppressedFinding[], paint: Paint): readonly string[] {
  if (suppressed.length === 0) return [];
  const lines = suppressed.slice(0, suppressedLimit).map(({ hazard, suppression }) => {
    const place = `${hazard.span.file}:${hazard.span.line}`;
    return `  ${paint.dim(oneLine(`${place}  ${hazard.function}  ${hazard.location.display}  ${hazard.rule}  ${describeSuppression(suppression)}`))}`;
  });
  const rest = suppressed.length - lines.length;
  return [
    paint.bold(`Suppressed: ${tallySuppressions(suppressed)}`),
    ...lines,
    ...(rest > 0 ? [paint.dim(`  ${rest} more (--output-format json lists them)`)] : []),
    "",
  ];
}

function describeAccess(access: Access): string {
  const locks = access.lockset.length === 0 ? "no lock" : `holding ${access.lockset.join(", ")}`;
  return oneLine(`${access.kind.padEnd(7)} ${access.span.file}:${access.span.line}  ${access.function}  ${locks}${describeCalls(access)}`);
}

function renderFaults({ faults = [] }: Report, paint: Paint): readonly string[] {
  if (faults.length === 0) return [];
  const lines = faults
    .map(faultRow)
    .flatMap(({ fault, seen, hazards }) => [`  ${paint.bold(oneLine(fault))}  ${oneLine(seen)}`, `    ${paint.dim(oneLine(hazards))}`]);
  return [paint.bold(tallyFaults(faults)), ...lines, ""];
}

function renderDrivers(report: Report, paint: Paint): readonly string[] {
  if (report.drivers.length === 0) return [];
  const lines = report.drivers.map(
    ({ name, confirmation }) =>
      `  ${paint.bold(oneLine(name))}  ${paintVerdict(confirmation.verdict, verdictWords[confirmation.verdict], paint)}: ${oneLine(`${confirmation.reason}${describeReachability(confirmation)}`)}`,
  );
  return [paint.bold("Drivers"), ...lines, ""];
}

function renderClass(audit: ClassAudit, paint: Paint): readonly string[] {
  const lines = audit.failures.map((failure) => {
    const { rank, failure: what, operations, verdict, note } = rowOf(failure);
    return `  ${paint.bold(rank)}  ${oneLine(what)}  (${oneLine(operations)})  ${paintVerdict(verdict, verdictWords[verdict], paint)}: ${oneLine(note)}`;
  });
  return [paint.bold(`Class ${oneLine(audit.name)}`), `  ${oneLine(describeClassAudit(audit))}`, ...lines, ""];
}

function renderSummary(report: Report, paint: Paint): readonly string[] {
  const { findings, hidden } = report;
  const counts =
    findings.length === 0
      ? "No hazards at or above the shown confidence."
      : `${plural(findings.length, "hazard")}: ${tallySeverities(findings)}. Verdicts: ${tallyVerdicts(findings)}.`;
  const below = hidden === 0 ? "" : ` ${plural(hidden, "hazard")} below the shown confidence (--confidence low lists them).`;
  const seconds = Object.values(report.seconds).reduce((sum, part) => sum + part, 0);
  return [
    `${paint.bold(counts)}${below}`,
    `${describeCoverage(report.coverage)}${seconds > 0 ? paint.dim(` ${seconds.toFixed(1)} s.`) : ""}`,
    ...(report.synthesis === undefined ? [] : [describeSynthesis(report.synthesis)]),
    ...renderNotifications(report, paint),
  ];
}

/** For standard error, where the report has no place for what was not fully seen. @returns lines, each ending in a line break. */
export function renderUnseen(report: Report, color: boolean): string {
  return renderNotifications(report, createColors(color))
    .map((line) => `${line}\n`)
    .join("");
}

/** Warnings about the audit itself: what they concern was not fully seen, so they belong to the denominators. */
function renderNotifications(report: Report, paint: Paint): readonly string[] {
  const problems = report.notifications.filter((notification) => notification.level !== "note");
  const lines = problems.slice(0, notificationLimit).map(({ level, file, line, message }) => {
    const place = file === undefined ? "" : `${file}${line === undefined ? "" : `:${line}`}: `;
    return paint.yellow(oneLine(`${level}: ${place}${message}`));
  });
  const rest = problems.length - lines.length;
  return rest === 0 ? lines : [...lines, paint.yellow(`${rest} more such notes in the JSON report.`)];
}

function renderNextSteps(groups: readonly ShapeGroup[], report: Report, options: TerminalOptions): readonly string[] {
  const first = groups[0];
  if (first === undefined) return [];
  const findings = groups.flatMap((group) => group.findings.map(({ finding }) => finding));
  const steps = [`raceproof explain ${quoteForShell(oneLine(first.ruleId))}`];
  const untried = findings.find(({ hazard, confirmation }) => confirmation === undefined && hazard.language !== "cython")?.hazard;
  if (untried !== undefined) {
    const build = untried.language === "python" ? "" : " --build";
    steps.push(`raceproof confirm ${quoteForShell(oneLine(report.subject.specification))} --hazard ${quoteForShell(oneLine(untried.id))}${build}`);
  }
  const witness = findings.find(isConfirmed)?.confirmation?.witness;
  const encoded = witness === undefined ? undefined : options.encodeWitness(witness);
  if (encoded !== undefined && encoded.length <= witnessLimit) steps.push(`raceproof replay ${quoteForShell(encoded)}`);
  else if (encoded !== undefined) steps.push("raceproof replay '<witness>'   (witness strings: --output-format json)");
  return ["", "Next:", ...steps.map((step) => `  ${step}`)];
}

function paintSeverity(severity: Severity, paint: Paint): string {
  const colors: Readonly<Record<Severity, (text: string) => string>> = {
    crash: paint.red,
    corruption: paint.red,
    deadlock: paint.red,
    "wrong-answer": paint.yellow,
    leak: paint.cyan,
  };
  return colors[severity](severityWords[severity]);
}

function paintVerdict(verdict: Verdict, text: string, paint: Paint): string {
  const colors: Readonly<Record<Verdict, (text: string) => string>> = {
    confirmed: paint.red,
    "not-reproduced": paint.yellow,
    "clean-within-bound": paint.green,
    inconclusive: paint.magenta,
    unproven: paint.dim,
  };
  return colors[verdict](text);
}
