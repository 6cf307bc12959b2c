// The sample report in every format, kept word for word in golden/: what users and other tools have come to rely on.
import { describe, expect, it } from "vitest";
import { sampleEncoding, sampleFindings, sampleReport, sampleWitness } from "./fixtures/sample-report.ts";
import { sampleBaselineReport, sampleReview } from "./fixtures/sample-suppressions.ts";
import {
  explainInterleaving,
  renderConcise,
  renderExplanation,
  renderGitHub,
  renderGitLab,
  renderGrouped,
  renderJson,
  renderJsonLines,
  renderJUnit,
  renderMarkdown,
  renderReviewJson,
  renderReviewMarkdown,
  renderSarif,
  renderTerminal,
} from "./index.ts";

const report = sampleReport();
const compared = sampleBaselineReport();
const ruleUri = (ruleId: string): string => `https://raceproof.invalid/rules/${ruleId}`;
const page = "# Non-atomic update of a shared counter\n\n`x += 1` loads, adds and stores.\n\n```python\nself.n += 1  # hazard: [sample-update]\n```\n";

describe("golden", () => {
  it.each([
    ["report.md", () => renderMarkdown(report, sampleEncoding)],
    ["report-static.md", () => renderMarkdown(sampleReport({ findings: sampleFindings().slice(0, 1), hidden: 0, notifications: [] }), sampleEncoding)],
    ["report-clean.md", () => renderMarkdown(sampleReport({ findings: [], hidden: 0, notifications: [] }), sampleEncoding)],
    ["report.json", () => renderJson(report, sampleEncoding)],
    [
      "report.sarif.json",
      () => renderSarif(report, { ...sampleEncoding, ruleUri, rulePage: (ruleId) => (ruleId === "python/sample-update" ? page : undefined) }),
    ],
    ["terminal.txt", () => renderTerminal(report, { ...sampleEncoding, color: false, width: 100, showLow: true })],
    ["terminal-clean.txt", () => renderTerminal(sampleReport({ findings: [] }), { ...sampleEncoding, color: false, width: 100, showLow: false })],
    ["concise.txt", () => renderConcise(report, { color: false })],
    ["suppressed.md", () => renderMarkdown(compared, sampleEncoding)],
    ["suppressed.json", () => renderJson({ ...compared, findings: [] }, sampleEncoding)],
    ["suppressed.sarif.json", () => renderSarif({ ...compared, findings: compared.findings.slice(0, 1) }, { ...sampleEncoding, ruleUri })],
    ["suppressed.txt", () => renderTerminal({ ...compared, findings: [] }, { ...sampleEncoding, color: false, width: 100, showLow: false })],
    ["suppressed-concise.txt", () => renderConcise(compared, { color: false })],
    ["grouped.txt", () => renderGrouped(compared, { color: false })],
    ["github.txt", () => renderGitHub(compared)],
    ["gitlab.json", () => renderGitLab(compared)],
    ["junit.xml", () => renderJUnit(compared)],
    ["junit-clean.xml", () => renderJUnit(sampleReport({ findings: [] }))],
    ["report.jsonl", () => renderJsonLines(compared, sampleEncoding)],
    ["review.md", () => renderReviewMarkdown(sampleReview())],
    ["review.json", () => renderReviewJson(sampleReview())],
    ["explanation.txt", () => renderExplanation(report.rules[1] ?? report.rules[0]!, page, { color: false, width: 80 })],
    ["swimlanes.txt", () => `${explainInterleaving(sampleWitness)}\n`],
  ])("%s", async (name, render) => {
    await expect(render()).toMatchFileSnapshot(`golden/${name}`);
  });
});
