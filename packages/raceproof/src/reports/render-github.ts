// A report in, workflow commands of GitHub Actions out: one annotation per finding. Suppressed findings become debug lines.
// Source: GitHub documentation, "Workflow commands"; escaping as in its toolkit (percent, CR, LF; in properties also colon and comma).
import type { Finding, Notification, Report } from "../vocabulary/index.ts";
import { wellFormed } from "./plain-text.ts";
import { describeSuppression, severityWords, describeVerdict } from "./report-words.ts";
import { levelOf } from "./sarif-levels.ts";
import type { SarifLevel } from "./sarif-levels.ts";

const commands: Readonly<Record<SarifLevel, string>> = { error: "error", warning: "warning", note: "notice" };

export function renderGitHub(report: Report): string {
  const titles = new Map(report.rules.map(({ id, title }) => [id, title]));
  const lines = [
    ...report.findings.map((finding) => annotation(finding, titles.get(finding.hazard.rule) ?? finding.hazard.rule)),
    ...report.suppressed.map(
      ({ hazard, suppression }) =>
        `::debug::${message(`suppressed ${describeSuppression(suppression)} (${hazard.rule}, ${hazard.span.file}:${hazard.span.line})`)}`,
    ),
    ...report.notifications.filter(({ level }) => level !== "note").map(notice),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function annotation(finding: Finding, title: string): string {
  const { span, rule, message: words, location, function: name, severity, confidence } = finding.hazard;
  const properties = [
    `file=${property(span.file)}`,
    `line=${span.line}`,
    `endLine=${Math.max(span.line, span.endLine)}`,
    `title=${property(`${title} (${rule})`)}`,
  ].join(",");
  const facts = `${severityWords[severity]}, ${confidence} confidence, ${describeVerdict(finding)}`;
  return `::${commands[levelOf(finding)]} ${properties}::${message(`${words}\n${location.display} in ${name}: ${facts}`)}`;
}

function notice({ level, message: words, file, line }: Notification): string {
  const place = file === undefined ? "" : ` file=${property(file)}${line === undefined ? "" : `,line=${line}`}`;
  return `::${level === "error" ? "error" : "warning"}${place}::${message(words)}`;
}

function message(text: string): string {
  return wellFormed(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
