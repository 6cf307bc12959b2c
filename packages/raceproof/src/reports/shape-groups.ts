// A report in, its findings grouped by shape out: heaviest shape first, findings numbered once over the whole report.
import type { Confidence, Finding, Report, RuleMetadata, Severity } from "../vocabulary/index.ts";
import { verdictOf, weightOf } from "./report-words.ts";

export interface NumberedFinding {
  /** From 1, not restarting per shape, so that people can say "number 12". */
  readonly number: number;
  readonly finding: Finding;
}

export interface ShapeGroup {
  readonly ruleId: string;
  readonly title: string;
  /** The heaviest severity among the group's hazards. */
  readonly severity: Severity;
  /** Undefined when the report does not carry the rule's metadata. */
  readonly rule: RuleMetadata | undefined;
  readonly findings: readonly NumberedFinding[];
}

/**
 * Shapes with a confirmed finding come first, then by severity, then by rule id. Within a shape: confirmed findings, then by
 * confidence, so that shortened lists keep what matters, then the report's order.
 */
export function groupByShape(report: Report): readonly ShapeGroup[] {
  const byRule = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    const sameRule = byRule.get(finding.hazard.rule);
    if (sameRule === undefined) byRule.set(finding.hazard.rule, [finding]);
    else sameRule.push(finding);
  }
  const groups = [...byRule].map(([ruleId, findings]) => {
    const rule = report.rules.find((candidate) => candidate.id === ruleId);
    const heaviest = findings.map((finding) => finding.hazard.severity).toSorted((a, b) => weightOf(a) - weightOf(b))[0];
    return { ruleId, rule, findings, title: rule?.title ?? ruleId, severity: heaviest ?? "leak", confirmed: findings.some(isConfirmed) };
  });
  groups.sort((a, b) => Number(b.confirmed) - Number(a.confirmed) || weightOf(a.severity) - weightOf(b.severity) || (a.ruleId < b.ruleId ? -1 : 1));
  let number = 0;
  return groups.map(({ findings, confirmed: _, ...group }) => ({
    ...group,
    findings: findings.toSorted((a, b) => urgencyOf(a) - urgencyOf(b)).map((finding) => ({ number: ++number, finding })),
  }));
}

/** Smaller is shown earlier. */
function urgencyOf(finding: Finding): number {
  const byConfidence: Readonly<Record<Confidence, number>> = { high: 1, medium: 2, low: 3 };
  return isConfirmed(finding) ? 0 : byConfidence[finding.hazard.confidence];
}

export function isConfirmed(finding: Finding): boolean {
  return verdictOf(finding) === "confirmed";
}
