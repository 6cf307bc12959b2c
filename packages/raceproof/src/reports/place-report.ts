// A report and a folder prefix in, the same report with every path of the subject below that prefix out.
// For formats whose readers look for files from the repository's root, not from the audited folder.
import type { Access, Finding, Hazard, Report, SourceSpan, Suppression } from "../vocabulary/index.ts";

/** @param prefix "" or a relative folder that ends in a slash */
export function placeReport(report: Report, prefix: string): Report {
  if (prefix === "") return report;
  const place = <Item extends Finding>(finding: Item): Item => ({ ...finding, hazard: placeHazard(finding.hazard, prefix) });
  return {
    ...report,
    findings: report.findings.map(place),
    suppressed: report.suppressed.map((each) => ({ ...place(each), suppression: placeSuppression(each.suppression, prefix) })),
    notifications: report.notifications.map((each) => (each.file === undefined ? each : { ...each, file: prefix + each.file })),
  };
}

function placeHazard(hazard: Hazard, prefix: string): Hazard {
  return {
    ...hazard,
    span: placeSpan(hazard.span, prefix),
    accesses: hazard.accesses.map((access): Access => ({ ...access, span: placeSpan(access.span, prefix) })),
  };
}

function placeSpan(span: SourceSpan, prefix: string): SourceSpan {
  return { ...span, file: prefix + span.file };
}

/** Configuration and baseline files are named as the user knows them already. */
function placeSuppression(suppression: Suppression, prefix: string): Suppression {
  const inSource = suppression.by === "comment" || suppression.by === "foreign-comment";
  return inSource ? { ...suppression, file: prefix + suppression.file } : suppression;
}
