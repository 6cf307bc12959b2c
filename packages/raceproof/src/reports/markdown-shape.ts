// One shape group in, its Markdown section out: the sites, a reproducer per confirmed finding, ways to fix.
import type { Access, FixCost, RuleMetadata } from "../vocabulary/index.ts";
import type { DetailLedger } from "./markdown-detail.ts";
import { markdownCode, markdownHeading, markdownProse, markdownTable } from "./markdown-text.ts";
import { renderReproducer, reproducibleOf } from "./markdown-witness.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";
import { describeCalls, describeVerdict, severityWords } from "./report-words.ts";
import type { NumberedFinding, ShapeGroup } from "./shape-groups.ts";

const costOrder: readonly FixCost[] = ["low", "medium", "high"];

export function renderShape(group: ShapeGroup, position: number, ledger: DetailLedger, options: WitnessEncoding): string {
  const reproducible = group.findings.map(reproducibleOf).filter((item) => item !== undefined);
  const reproducers = ledger.takeReproducers(reproducible);
  return [
    markdownHeading(2, ledger.text(`${position}. ${group.title}`)),
    renderIntroduction(group, ledger),
    renderSites(group.findings, ledger),
    ...(reproducers.length > 0 ? [markdownHeading(3, "Reproducers")] : []),
    ...reproducers.map((item) => renderReproducer(item, ledger, options)),
    ...(group.rule === undefined ? [] : [renderFixes(group.rule, ledger)]),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Fix strategies, cheapest first; the rule's own order within one cost. */
export function fixesByCost(rule: RuleMetadata): RuleMetadata["fixes"] {
  return rule.fixes.toSorted((a, b) => costOrder.indexOf(a.cost) - costOrder.indexOf(b.cost));
}

function renderIntroduction(group: ShapeGroup, ledger: DetailLedger): string {
  const consequence = group.rule === undefined ? "" : `${markdownProse(ledger.text(group.rule.consequence))} `;
  return `${consequence}Severity: ${severityWords[group.severity]}. Rule: ${markdownCode(ledger.text(group.ruleId))}.`;
}

function renderSites(findings: readonly NumberedFinding[], ledger: DetailLedger): string {
  const rows = ledger.take(findings, ledger.detail.sitesPerShape, "site").map(({ number, finding }) => {
    const { hazard } = finding;
    return [
      String(number),
      markdownCode(ledger.text(`${hazard.span.file}:${hazard.span.line}`)),
      markdownCode(ledger.text(hazard.function)),
      markdownCode(ledger.text(hazard.location.display)),
      markdownProse(ledger.text([hazard.message, ...hazard.evidence].join(" "))),
      hazard.accesses
        .slice(0, 4)
        .map((access) => describeAccess(access, ledger))
        .join("; "),
      markdownProse(ledger.text(`${describeVerdict(finding)}; ${hazard.confidence} confidence; ${hazard.reach}`)),
    ];
  });
  return markdownTable(["#", "Site", "Function", "Location", "Why", "Accesses", "Verdict"], rows);
}

/** "update `pkg/mod.py:12` in `Cls.method` holding `Cls._lock`". */
function describeAccess(access: Access, ledger: DetailLedger): string {
  const locks = access.lockset.length === 0 ? "no lock" : `holding ${markdownCode(ledger.text(access.lockset.join(", ")))}`;
  return `${access.kind} ${markdownCode(ledger.text(`${access.span.file}:${access.span.line}`))} in ${markdownCode(ledger.text(access.function))}, ${locks}${markdownProse(ledger.text(describeCalls(access)))}`;
}

function renderFixes(rule: RuleMetadata, ledger: DetailLedger): string {
  if (rule.fixes.length === 0) return "";
  const rows = ledger
    .take(fixesByCost(rule), 8, "fix strategy")
    .map((fix) => [markdownProse(ledger.text(fix.title)), fix.cost, markdownProse(ledger.text(fix.detail))]);
  return `${markdownHeading(3, "Ways to fix")}\n\n${markdownTable(["Strategy", "Cost", "Detail"], rows)}`;
}
