// Rules in, SARIF reporting descriptors out, with the properties that code-scanning sites sort and filter by.
import type { Confidence, Report, RuleMetadata } from "../vocabulary/index.ts";
import { fixesByCost } from "./markdown-shape.ts";
import { markdownCode, markdownProse } from "./markdown-text.ts";
import { oneLine } from "./plain-text.ts";
import { severityWords } from "./report-words.ts";
import { levelOfSeverity } from "./sarif-levels.ts";
import type { SarifLevel } from "./sarif-levels.ts";

export interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri: string;
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: {
    readonly precision: Confidence;
    readonly "problem.severity": "error" | "warning" | "recommendation";
    readonly tags: readonly string[];
  };
}

export interface RulePages {
  /** Where a rule's page can be read: an absolute URI. */
  readonly ruleUri: (ruleId: string) => string;
  /** The rule's page as Markdown; without it the help is made from the metadata. */
  readonly rulePage?: (ruleId: string) => string | undefined;
}

/** Every rule of the report, then a bare descriptor for each rule only a finding knows of: results may point to all. */
export function renderSarifRules(report: Report, pages: RulePages): readonly SarifRule[] {
  const known = new Set(report.rules.map((rule) => rule.id));
  const bare = new Map<string, RuleMetadata>();
  for (const { hazard } of [...report.findings, ...report.suppressed]) {
    if (known.has(hazard.rule)) continue;
    bare.set(hazard.rule, { id: hazard.rule, title: hazard.rule, severity: hazard.severity, consequence: "", sources: [], since: "", fixes: [] });
  }
  return [...report.rules, ...bare.values()].map((rule) => renderSarifRule(rule, report, pages));
}

function renderSarifRule(rule: RuleMetadata, report: Report, pages: RulePages): SarifRule {
  const level = levelOfSeverity[rule.severity];
  const [language = "", shape = ""] = rule.id.split("/");
  return {
    id: rule.id,
    name: pascalCase(shape === "" ? rule.id : shape),
    shortDescription: { text: oneLine(rule.title) },
    fullDescription: { text: oneLine(`${rule.title}. ${rule.consequence}`) },
    help: { text: helpText(rule), markdown: pages.rulePage?.(rule.id) ?? helpMarkdown(rule) },
    helpUri: pages.ruleUri(rule.id),
    defaultConfiguration: { level },
    properties: {
      precision: precisionOf(rule.id, report),
      "problem.severity": level === "note" ? "recommendation" : level,
      tags: [...new Set(["concurrency", "thread-safety", language, rule.severity].filter((tag) => tag !== ""))],
    },
  };
}

/** The lowest confidence among this run's findings of the rule: what a reader may count on. Medium when it found nothing. */
function precisionOf(ruleId: string, report: Report): Confidence {
  const seen = report.findings.filter((finding) => finding.hazard.rule === ruleId).map((finding) => finding.hazard.confidence);
  return (["low", "medium", "high"] as const).find((confidence) => seen.includes(confidence)) ?? "medium";
}

function helpText(rule: RuleMetadata): string {
  const fixes = fixesByCost(rule).map((fix) => `- ${fix.title} (${fix.cost} cost): ${fix.detail}`);
  return [`${rule.title} (${severityWords[rule.severity]}). ${rule.consequence}`, ...fixes, ...rule.sources.map((source) => `Source: ${source}`)]
    .map(oneLine)
    .join("\n");
}

function helpMarkdown(rule: RuleMetadata): string {
  const fixes = fixesByCost(rule).map((fix) => `- **${markdownProse(fix.title)}** (${fix.cost} cost): ${markdownProse(fix.detail)}`);
  const sources = rule.sources.map((source) => `- ${markdownProse(source)}`);
  return [
    `${markdownProse(rule.title)} (${severityWords[rule.severity]}, ${markdownCode(rule.id)}). ${markdownProse(rule.consequence)}`,
    fixes.length === 0 ? "" : `Ways to fix, cheapest first:\n\n${fixes.join("\n")}`,
    sources.length === 0 ? "" : `Sources:\n\n${sources.join("\n")}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function pascalCase(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}
