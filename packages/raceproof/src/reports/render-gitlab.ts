// A report in, a GitLab code quality report out: a JSON list of issues. The format knows no suppressions: only findings are listed.
// Source: GitLab documentation, "Code Quality report format" (description, check_name, fingerprint, severity, location).
import type { Confidence, Finding, Report, Severity } from "../vocabulary/index.ts";
import { oneLine, wellFormed } from "./plain-text.ts";
import { describeVerdict, verdictOf } from "./report-words.ts";

type GitLabSeverity = "info" | "minor" | "major" | "critical" | "blocker";

const ladder: readonly GitLabSeverity[] = ["info", "minor", "major", "critical", "blocker"];
const bySeverity: Readonly<Record<Severity, GitLabSeverity>> = {
  crash: "blocker",
  corruption: "critical",
  deadlock: "critical",
  "wrong-answer": "major",
  leak: "minor",
};
const stepsDown: Readonly<Record<Confidence, number>> = { high: 0, medium: 1, low: 2 };

export function renderGitLab(report: Report): string {
  const seen = new Map<string, number>();
  const issues = report.findings.map((finding) => {
    const { hazard } = finding;
    const count = (seen.get(hazard.fingerprint) ?? 0) + 1;
    seen.set(hazard.fingerprint, count);
    return {
      description: oneLine(`${hazard.message} (${hazard.location.display} in ${hazard.function}; ${describeVerdict(finding)})`),
      check_name: oneLine(hazard.rule),
      // GitLab shows one issue per fingerprint.
      fingerprint: wellFormed(count === 1 ? hazard.fingerprint : `${hazard.fingerprint}-${count}`),
      severity: severityOf(finding),
      location: { path: wellFormed(hazard.span.file), lines: { begin: hazard.span.line, end: Math.max(hazard.span.line, hazard.span.endLine) } },
    };
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}

/** What is proved has its severity; what is suspected a lower one. */
function severityOf(finding: Finding): GitLabSeverity {
  const { severity, confidence } = finding.hazard;
  const steps = verdictOf(finding) === "confirmed" ? 0 : stepsDown[confidence];
  return ladder[Math.max(0, ladder.indexOf(bySeverity[severity]) - steps)] ?? "info";
}
