// A report in, a SARIF 2.1.0 log out (OASIS Standard, errata 01), shaped for code-scanning sites: stable fingerprints, relative
// paths, the interleaving as thread flows, parse failures as tool notifications.
import type { Access, Finding, Notification, Report, Suppression } from "../vocabulary/index.ts";
import { oneLine, wellFormed } from "./plain-text.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";
import { describeFamilyReach, describeRuntimeRow, describeVerdict, verdictOf } from "./report-words.ts";
import { accessText, renderSarifCodeFlows, renderSuspectedFlows } from "./sarif-code-flows.ts";
import type { SarifCodeFlow } from "./sarif-code-flows.ts";
import { renderSarifLocation } from "./sarif-locations.ts";
import type { SarifLocation } from "./sarif-locations.ts";
import { lineHashesOf } from "./line-hashes.ts";
import { levelOf, rankOf } from "./sarif-levels.ts";
import type { SarifLevel } from "./sarif-levels.ts";
import { renderSarifRules } from "./sarif-rules.ts";
import type { RulePages } from "./sarif-rules.ts";

export interface SarifOptions extends WitnessEncoding, RulePages {
  /** Source text of a file, for the fingerprints that sites compute themselves; undefined when it is not at hand. */
  readonly sourceOf?: (file: string) => string | undefined;
}

interface SarifSuppression {
  readonly kind: "inSource" | "external";
  readonly status: "accepted";
  readonly justification: string;
  readonly location?: SarifLocation;
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  readonly message: { readonly text: string };
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations?: readonly (SarifLocation & { readonly id: number })[];
  readonly codeFlows?: readonly SarifCodeFlow[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly baselineState?: "new" | "unchanged";
  readonly suppressions?: readonly SarifSuppression[];
  readonly rank: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** @returns JSON text, indented by two spaces, ending in a line break. */
export function renderSarif(report: Report, options: SarifOptions): string {
  const rules = renderSarifRules(report, options);
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]));
  const context: ResultContext = { report, options, hashOf: lineHasher(options), ruleIndex: (id) => indexOf.get(id) ?? 0 };
  const run = {
    tool: { driver: { name: "raceproof", version: report.environment.toolVersion, rules } },
    originalUriBaseIds: { SRCROOT: { description: { text: "Root folder of the audited subject." } } },
    invocations: [
      {
        executionSuccessful: !report.notifications.some((notification) => notification.level === "error"),
        toolExecutionNotifications: report.notifications.map(renderNotification),
      },
    ],
    results: [...report.findings, ...report.suppressed].map((finding) => renderResult(finding, context)),
    properties: { subject: report.subject.name, subjectVersion: report.subject.version ?? null, coverage: report.coverage, hidden: report.hidden },
  };
  return `${JSON.stringify({ $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }, undefined, 2)}\n`;
}

interface ResultContext {
  readonly report: Report;
  readonly options: SarifOptions;
  readonly hashOf: (file: string, line: number) => string | undefined;
  readonly ruleIndex: (id: string) => number;
}

/** Every file is hashed once, and only if something was found in it. */
function lineHasher({ sourceOf }: SarifOptions): ResultContext["hashOf"] {
  const byFile = new Map<string, readonly string[]>();
  return (file, line) => {
    const known = byFile.get(file);
    if (known) return known[line - 1];
    const text = sourceOf?.(file);
    const hashes = text === undefined ? [] : lineHashesOf(text);
    byFile.set(file, hashes);
    return hashes[line - 1];
  };
}

function renderResult(finding: Finding & { readonly suppression?: Suppression }, { report, options, hashOf, ruleIndex }: ResultContext): SarifResult {
  const { hazard, confirmation, suppression } = finding;
  const lineHash = hashOf(hazard.span.file, hazard.span.line);
  const related = hazard.accesses.map((access, index) => ({ id: index + 1, ...accessLocation(access) }));
  const witness = verdictOf(finding) === "confirmed" ? confirmation?.witness : undefined;
  const codeFlows = witness === undefined ? renderSuspectedFlows(hazard) : renderSarifCodeFlows(witness, report);
  return {
    ruleId: hazard.rule,
    ruleIndex: ruleIndex(hazard.rule),
    level: levelOf(finding),
    message: { text: oneLine(`${hazard.message} (${hazard.location.display} in ${hazard.function}; ${describeVerdict(finding)})`) },
    locations: [renderSarifLocation(hazard.span, { function: hazard.function })],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    ...(codeFlows.length === 0 ? {} : { codeFlows }),
    partialFingerprints: {
      "raceproof/v1": wellFormed(hazard.fingerprint),
      "raceproof/structure/v1": wellFormed(hazard.structure),
      ...(lineHash === undefined ? {} : { primaryLocationLineHash: lineHash }),
    },
    ...(report.baseline === undefined ? {} : { baselineState: suppression?.by === "baseline" ? "unchanged" : "new" }),
    // An empty list says that suppressions were looked for (section 3.27.23).
    suppressions: suppression === undefined ? [] : [renderSuppression(suppression)],
    rank: rankOf(finding),
    properties: propertiesOf(finding, options),
  };
}

function renderSuppression({ by, reason, file, line = 0 }: Suppression): SarifSuppression {
  const inSource = by === "comment" || by === "foreign-comment";
  return {
    kind: inSource ? "inSource" : "external",
    status: "accepted",
    justification: oneLine(reason),
    ...(inSource ? { location: renderSarifLocation({ file, line, endLine: line }) } : {}),
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
      : {
          reason: confirmation.reason,
          runtimes: confirmation.runtimes.map(describeRuntimeRow),
          ...(confirmation.reachability === undefined ? {} : { reachability: confirmation.reachability.map(describeFamilyReach) }),
          uncontrolled: confirmation.uncontrolled,
        }),
    ...(confirmation?.witness === undefined ? {} : { witness: options.encodeWitness(confirmation.witness) }),
  };
}

function accessLocation(access: Access): SarifLocation {
  return renderSarifLocation(access.span, { function: access.function, message: accessText(access) });
}

function renderNotification(notification: Notification): object {
  const { file, line = 0 } = notification;
  return {
    level: notification.level,
    message: { text: oneLine(notification.message) },
    ...(file === undefined ? {} : { locations: [renderSarifLocation({ file, line, endLine: line })] }),
  };
}
