// A report in, one issue-ready Markdown text out: what is wrong, where, how to see it, what it costs to fix, and what was
// looked at. Stays below GitHub's limit for one issue by going down the detail ladder; says what it left out.
import type { ClassAudit, Report, Verdict } from "../vocabulary/index.ts";
import { cutAtLine, markdownCode, markdownFence, markdownHeading, markdownProse, markdownTable } from "./markdown-text.ts";
import { DetailLedger, detailLadder, markdownLimit } from "./markdown-detail.ts";
import type { Detail } from "./markdown-detail.ts";
import { renderShape } from "./markdown-shape.ts";
import { renderUncontrolled, reproducibleOf } from "./markdown-witness.ts";
import { describeClassAudit, rowOf } from "./class-audits.ts";
import { plural, quoteForShell } from "./plain-text.ts";
import { faultRow, tallyFaults } from "./native-faults.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";
import { describeRuntimeRow, describeRung, describeSuppression, severityWords, tallySuppressions, verdictOf, verdictWords } from "./report-words.ts";
import { groupByShape, isConfirmed } from "./shape-groups.ts";
import type { NumberedFinding, ShapeGroup } from "./shape-groups.ts";
import { describeCoverage, describeSynthesis, tallyReach, tallySeverities, tallyVerdicts } from "./tallies.ts";

const settledVerdicts: readonly Verdict[] = ["clean-within-bound", "not-reproduced", "inconclusive"];

/**
 * @returns Markdown of fewer than 65,000 characters, ending in a line break. Everything taken from the subject (names,
 * messages, paths, values) is escaped: it cannot break a table or a fence, notify people or reference issues.
 */
export function renderMarkdown(report: Report, options: WitnessEncoding): string {
  let text = "";
  for (const detail of detailLadder) {
    text = renderAtDetail(report, detail, options);
    if (text.length < markdownLimit) return text;
  }
  const note = "\n\nThe rest was left out to stay below the size limit of an issue.\n";
  return cutAtLine(text, markdownLimit - note.length - 1) + note;
}

function renderAtDetail(report: Report, detail: Detail, options: WitnessEncoding): string {
  const ledger = new DetailLedger(detail);
  const groups = groupByShape(report);
  const shown = ledger.take(groups, detail.shapes, "shape");
  const body = [
    markdownHeading(1, ledger.text(titleOf(report, groups))),
    renderEnvironment(report, ledger),
    renderInventory(report, shown, ledger),
    ...shown.map((group, index) => renderShape(group, index + 1, ledger, options)),
    renderDrivers(report, ledger),
    ...report.classes.map((audit) => renderClass(audit, ledger)),
    renderFaults(report, ledger),
    renderSettled(groups, ledger),
    renderSuppressed(report, ledger),
    renderControl(report, ledger),
    renderDenominators(report, ledger),
    renderReproduction(report, groups, ledger, options),
  ].filter((section) => section !== "");
  const omitted = ledger.describeOmitted();
  if (omitted !== "") body.push(`Left out to stay below the size limit of an issue: ${omitted}. The JSON report has everything.`);
  return `${body.join("\n\n")}\n`;
}

function renderDrivers(report: Report, ledger: DetailLedger): string {
  if (report.drivers.length === 0) return "";
  const rows = report.drivers.map(({ name, confirmation }) => [
    markdownCode(ledger.text(name)),
    confirmation.verdict,
    markdownProse(ledger.text(confirmation.reason)),
  ]);
  return `${markdownHeading(2, "Drivers")}\n\n${markdownTable(["Driver", "Verdict", "Why"], rows)}`;
}

function renderClass(audit: ClassAudit, ledger: DetailLedger): string {
  const rows = ledger.take(audit.failures, ledger.detail.sitesPerShape * 2, "failure of a class").map((failure) => {
    const { rank, failure: what, operations, verdict, note } = rowOf(failure);
    return [rank, markdownCode(ledger.text(what)), markdownCode(ledger.text(operations)), verdict, markdownProse(ledger.text(note))];
  });
  const table = rows.length === 0 ? "Nothing failed." : markdownTable(["Rank", "Failure", "Entry points", "Verdict", "Note"], rows);
  return `${markdownHeading(2, ledger.text(`Class ${audit.name}`))}\n\n${markdownProse(ledger.text(describeClassAudit(audit)))}.\n\n${table}`;
}

function renderFaults({ faults = [] }: Report, ledger: DetailLedger): string {
  if (faults.length === 0) return "";
  const rows = ledger.take(faults, ledger.detail.sitesPerShape * 2, "fault of the extension").map((each) => {
    const { fault, seen, hazards } = faultRow(each);
    return [markdownProse(ledger.text(fault)), markdownProse(ledger.text(seen)), markdownProse(ledger.text(hazards))];
  });
  return `${markdownHeading(2, "Faults of the extension")}\n\n${markdownProse(ledger.text(tallyFaults(faults)))}.\n\n${markdownTable(["Fault", "Seen in", "Hazards"], rows)}`;
}

function renderSuppressed({ suppressed }: Report, ledger: DetailLedger): string {
  if (suppressed.length === 0) return "";
  const rows = ledger
    .take(suppressed, ledger.detail.sitesPerShape, "suppressed hazard")
    .map(({ hazard, suppression }) => [
      markdownCode(ledger.text(`${hazard.span.file}:${hazard.span.line}`)),
      markdownCode(ledger.text(hazard.rule)),
      markdownCode(ledger.text(hazard.location.display)),
      markdownProse(ledger.text(describeSuppression(suppression))),
    ]);
  return `${markdownHeading(2, "Suppressed")}\n\nNot counted: ${tallySuppressions(suppressed)}.\n\n${markdownTable(["Site", "Rule", "Location", "Why"], rows)}`;
}

function wasRun(report: Report): boolean {
  return report.drivers.length + report.classes.length > 0 || report.findings.some((finding) => finding.confirmation !== undefined);
}

function titleOf(report: Report, groups: readonly ShapeGroup[]): string {
  const { name, version } = report.subject;
  const subject = version === undefined ? name : `${name} ${version}`;
  if (report.findings.length === 0) return `Thread safety of ${subject}: no hazards ${report.hidden === 0 ? "found" : "at or above the shown confidence"}`;
  const proof = wasRun(report) ? `${report.findings.filter(isConfirmed).length} confirmed` : "static audit, nothing was run";
  return `Thread safety of ${subject}: ${plural(report.findings.length, "hazard")} of ${plural(groups.length, "shape")}, ${proof}`;
}

function renderEnvironment(report: Report, ledger: DetailLedger): string {
  const { environment, subject } = report;
  const runtimes = ledger
    .take(environment.runtimes, 24, "runtime")
    .map((runtime) => `${markdownProse(ledger.text(runtime.id))}${runtime.freeThreaded ? " (free-threaded)" : ""}`);
  const rows = [
    ["Subject", markdownCode(ledger.text(subject.specification))],
    ["Tool", markdownProse(ledger.text(`raceproof ${environment.toolVersion} on Node ${environment.node}`))],
    ["Machine", `${markdownProse(ledger.text(environment.platform))}, ${plural(environment.cores, "core")}`],
    ["Runtimes", wasRun(report) && runtimes.length > 0 ? runtimes.join(", ") : "none: nothing was run"],
  ];
  return `${markdownHeading(2, "Environment")}\n\n${markdownTable(["", ""], rows)}`;
}

function renderInventory(report: Report, groups: readonly ShapeGroup[], ledger: DetailLedger): string {
  const heading = markdownHeading(2, "Inventory");
  const hidden = report.hidden === 0 ? "" : ` ${plural(report.hidden, "hazard")} below the shown confidence not listed.`;
  if (report.findings.length === 0) return `${heading}\n\nNo hazards at or above the shown confidence; "What was looked at" says what that rests on.${hidden}`;
  const rows = groups.map((group, index) => [
    String(index + 1),
    markdownProse(ledger.text(group.title)),
    String(group.findings.length),
    severityWords[group.severity],
    markdownProse(ledger.text(group.rule?.consequence ?? "")),
    markdownProse(ledger.text(describeRuntimeConfirmation(group))),
  ]);
  return [
    heading,
    markdownTable(["#", "Shape", "Sites", "Severity", "Symptom", "Runtime confirmation"], rows),
    `By severity: ${tallySeverities(report.findings)}. By verdict: ${tallyVerdicts(report.findings)}. By reach: ${tallyReach(report.findings)}.${hidden}`,
  ].join("\n\n");
}

/** "2 confirmed (200 of 200 replays on cpython-3.11.7; ...), 1 unproven". */
function describeRuntimeConfirmation(group: ShapeGroup): string {
  const findings = group.findings.map(({ finding }) => finding);
  const rows = findings.find(isConfirmed)?.confirmation?.runtimes ?? [];
  const failing = rows.filter((row) => row.failing > 0).map(describeRuntimeRow);
  return failing.length === 0 ? tallyVerdicts(findings) : `${tallyVerdicts(findings)}; ${failing.join("; ")}`;
}

/** Hazards that were run and not confirmed: what was explored, or why nothing could be said. */
function renderSettled(groups: readonly ShapeGroup[], ledger: DetailLedger): string {
  const settled = groups.flatMap((group) => group.findings.filter(({ finding }) => settledVerdicts.includes(verdictOf(finding))));
  if (settled.length === 0) return "";
  const rows = ledger.take(settled, ledger.detail.clearedRows, "cleared or inconclusive row").map((numbered) => settledRow(numbered, ledger));
  const table = markdownTable(["#", "Site", "Location", "Verdict", "Reason", "What was searched"], rows);
  return `${markdownHeading(2, "Examined and not confirmed")}\n\n"Clean within bound" holds for the stated bound and driver only.\n\n${table}`;
}

function settledRow({ number, finding }: NumberedFinding, ledger: DetailLedger): readonly string[] {
  const { hazard, confirmation } = finding;
  const drivers = confirmation?.drivers.map((driver) => `driver ${driver.name}: ${driver.result}`) ?? [];
  return [
    String(number),
    markdownCode(ledger.text(`${hazard.span.file}:${hazard.span.line}`)),
    markdownCode(ledger.text(hazard.location.display)),
    verdictWords[verdictOf(finding)],
    markdownProse(ledger.text(confirmation?.reason ?? "")),
    markdownProse(ledger.text([...(confirmation?.rungs.map(describeRung) ?? []), ...drivers].join("; "))),
  ];
}

/** What no run controlled, once for the whole report. */
function renderControl(report: Report, ledger: DetailLedger): string {
  if (!wasRun(report)) return "";
  const uncontrolled = [...new Set(report.findings.flatMap((finding) => finding.confirmation?.uncontrolled ?? []))];
  return `${markdownHeading(2, "What was not controlled")}\n\n${renderUncontrolled(uncontrolled, ledger)}`;
}

function renderDenominators(report: Report, ledger: DetailLedger): string {
  const notes = ledger.take(report.notifications, 20, "notification").map((notification) => {
    const place =
      notification.file === undefined
        ? ""
        : ` ${markdownCode(ledger.text(`${notification.file}${notification.line === undefined ? "" : `:${notification.line}`}`))}`;
    return `- ${notification.level}${place}: ${markdownProse(ledger.text(notification.message))}`;
  });
  return [markdownHeading(2, "What was looked at"), describeCoverage(report.coverage), describeSynthesis(report.synthesis), notes.join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}

function renderReproduction(report: Report, groups: readonly ShapeGroup[], ledger: DetailLedger, options: WitnessEncoding): string {
  const tool = `npx raceproof@${quoteForShell(report.environment.toolVersion)}`;
  const specification = quoteForShell(report.subject.specification);
  const heading = markdownHeading(2, "How to reproduce");
  const audit = `${tool} hunt ${specification} --output-format markdown`;
  const first = groups.flatMap((group) => group.findings.map(reproducibleOf)).find((item) => item !== undefined);
  const replay =
    first === undefined ? `${tool} audit ${specification} --confidence low` : `${tool} replay ${quoteForShell(options.encodeWitness(first.witness))}`;
  const commands = ledger.block([audit, replay].join("\n"), "replay command") ?? audit;
  const explanation = first === undefined ? "The second lists every hazard, also of low confidence." : `The second replays number ${first.number} alone.`;
  return `${heading}\n\nThe first command makes this whole report again. ${commands === audit ? "" : explanation}\n\n${markdownFence("sh", commands)}`;
}
