// A report in, a SARIF 2.1.0 log out (OASIS Standard, errata 01), shaped for code-scanning sites: stable fingerprints, relative
// paths, the interleaving as thread flows, parse failures as tool notifications.
import type { Access, Confidence, Finding, Notification, Report, Verdict } from "../vocabulary/index.ts";
import { oneLine, wellFormed } from "./plain-text.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";
import { describeRuntimeRow, describeVerdict, verdictOf } from "./report-words.ts";
import { renderSarifCodeFlows } from "./sarif-code-flows.ts";
import type { SarifCodeFlow } from "./sarif-code-flows.ts";
import { renderSarifLocation } from "./sarif-locations.ts";
import type { SarifLocation } from "./sarif-locations.ts";
import { levelOfSeverity, renderSarifRules } from "./sarif-rules.ts";
import type { RulePages, SarifLevel } from "./sarif-rules.ts";

export interface SarifOptions extends WitnessEncoding, RulePages {}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  readonly message: { readonly text: string };
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations?: readonly (SarifLocation & { readonly id: number })[];
  readonly codeFlows?: readonly SarifCodeFlow[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly rank: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

const levels: readonly SarifLevel[] = ["note", "warning", "error"];

/** @returns JSON text, indented by two spaces, ending in a line break. */
export function renderSarif(report: Report, options: SarifOptions): string {
  const rules = renderSarifRules(report, options);
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]));
  const run = {
    tool: { driver: { name: "raceproof", version: report.environment.toolVersion, rules } },
    originalUriBaseIds: { SRCROOT: { description: { text: "Root folder of the audited subject." } } },
    invocations: [
      {
        executionSuccessful: !report.notifications.some((notification) => notification.level === "error"),
        toolExecutionNotifications: report.notifications.map(renderNotification),
      },
    ],
    results: report.findings.map((finding) => renderResult(finding, indexOf.get(finding.hazard.rule) ?? 0, report, options)),
    properties: { subject: report.subject.name, subjectVersion: report.subject.version ?? null, coverage: report.coverage, hidden: report.hidden },
  };
  return `${JSON.stringify({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }, undefined, 2)}\n`;
}

function renderResult(finding: Finding, ruleIndex: number, report: Report, options: SarifOptions): SarifResult {
  const { hazard, confirmation } = finding;
  const related = hazard.accesses.map((access, index) => ({ id: index + 1, ...accessLocation(access) }));
  const witness = verdictOf(finding) === "confirmed" ? confirmation?.witness : undefined;
  const codeFlows = witness === undefined ? [] : renderSarifCodeFlows(witness, report);
  return {
    ruleId: hazard.rule,
    ruleIndex,
    level: levelOf(finding),
    message: { text: oneLine(`${hazard.message} (${hazard.location.display} in ${hazard.function}; ${describeVerdict(finding)})`) },
    locations: [renderSarifLocation(hazard.span, { function: hazard.function })],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(codeFlows.length === 0 ? {} : { codeFlows }),
    partialFingerprints: { "raceproof/v1": wellFormed(hazard.fingerprint) },
    rank: rankOf(finding),
    properties: propertiesOf(finding, options),
  };
}

function propertiesOf(finding: Finding, options: SarifOptions): Readonly<Record<string, unknown>> {
  const { hazard, confirmation } = finding;
  return {
    id: hazard.id,
    verdict: verdictOf(finding),
    severity: hazard.severity,
    confidence: hazard.confidence,
    reach: hazard.reach,
    location: hazard.location.display,
    evidence: hazard.evidence,
    ...(confirmation === undefined
      ? {}
      : { reason: confirmation.reason, runtimes: confirmation.runtimes.map(describeRuntimeRow), uncontrolled: confirmation.uncontrolled }),
    ...(confirmation?.witness === undefined ? {} : { witness: options.encodeWitness(confirmation.witness) }),
  };
}

function accessLocation(access: Access): SarifLocation {
  const locks = access.lockset.length === 0 ? "no lock held" : `holding ${access.lockset.join(", ")}`;
  return renderSarifLocation(access.span, {
    function: access.function,
    message: `${access.kind} of ${access.location.display} in ${access.function}, ${locks}`,
  });
}

/** A confirmed hazard has its severity's level; one that is only suspected, or was run without failing, at most a lower one. */
function levelOf(finding: Finding): SarifLevel {
  const { severity, confidence } = finding.hazard;
  const ceilings: Readonly<Record<Verdict, SarifLevel>> = {
    confirmed: "error",
    "not-reproduced": "warning",
    "clean-within-bound": "note",
    inconclusive: "warning",
    unproven: confidence === "high" ? "error" : "warning",
  };
  const certain = verdictOf(finding) === "confirmed" || confidence !== "low";
  const ceiling = certain ? ceilings[verdictOf(finding)] : "note";
  const level = Math.min(levels.indexOf(levelOfSeverity[severity]), levels.indexOf(ceiling));
  return levels[level] ?? "note";
}

/** 0 to 100, for viewers that sort: confirmed first, then by confidence; a clean search lowers it. */
function rankOf(finding: Finding): number {
  const byConfidence: Readonly<Record<Confidence, number>> = { high: 80, medium: 50, low: 20 };
  const byVerdict: Readonly<Record<Verdict, number>> = { confirmed: 100, "not-reproduced": -15, "clean-within-bound": -20, inconclusive: 0, unproven: 0 };
  const verdict = verdictOf(finding);
  return verdict === "confirmed" ? byVerdict.confirmed : byConfidence[finding.hazard.confidence] + byVerdict[verdict];
}

function renderNotification(notification: Notification): object {
  const { file, line = 0 } = notification;
  return {
    level: notification.level,
    message: { text: oneLine(notification.message) },
    ...(file === undefined ? {} : { locations: [renderSarifLocation({ file, line, endLine: line })] }),
  };
}
