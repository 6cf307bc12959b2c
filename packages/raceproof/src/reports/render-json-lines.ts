// A report in, one JSON value per line out: each finding, each suppressed finding, and last a summary with everything else.
// A public promise like the JSON report: lines carry `type`, and the fields of the JSON report's parts.
import type { Report } from "../vocabulary/index.ts";
import { renderJsonReport } from "./render-json.ts";
import type { WitnessEncoding } from "./witness-encoding.ts";

export function renderJsonLines(report: Report, options: WitnessEncoding): string {
  const { findings, suppressed, ...rest } = renderJsonReport(report, options);
  const lines = [
    ...findings.map((finding) => ({ type: "finding", ...finding })),
    ...suppressed.map((finding) => ({ type: "suppressed", ...finding })),
    { type: "summary", ...rest, counts: { findings: findings.length, suppressed: suppressed.length } },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
