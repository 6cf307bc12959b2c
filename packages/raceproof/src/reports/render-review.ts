// A review in, Markdown fit for a comment on a pull request, or JSON, out: new hazards first and in full, the rest folded.
// Everything taken from the subject is escaped. Long lists are cut and say so; the JSON has everything.
import type { Hazard, Notification, Review, ReviewedSide } from "../vocabulary/index.ts";
import { markdownCode, markdownDetails, markdownProse, markdownTable } from "./markdown-text.ts";
import { plural } from "./plain-text.ts";
import { renderJsonHazard } from "./render-json.ts";
import type { JsonHazard } from "./render-json.ts";
import { describeSuppression, severityWords } from "./report-words.ts";

const longestList = 60;

export function renderReviewMarkdown(review: Review): string {
  const { fixed, remaining, added, suppressed } = review;
  const problems = review.notifications.filter(({ level }) => level !== "note");
  const sections = [
    `## Thread safety of ${markdownProse(review.subject)}: ${added.length} new, ${fixed.length} fixed, ${remaining.length} remaining`,
    `${describeSide(review.before)} → ${describeSide(review.after)}`,
    added.length === 0 ? "" : `### New\n\n${hazardTable(added)}`,
    fixed.length === 0 ? "" : `### Fixed\n\n${hazardTable(fixed)}`,
    remaining.length === 0 ? "" : markdownDetails(`Remaining: ${remaining.length}`, hazardTable(remaining.map(({ after }) => after))),
    suppressed.length === 0 ? "" : markdownDetails(`Suppressed: ${suppressed.length}`, suppressedTable(suppressed)),
    problems.length === 0 ? "" : markdownDetails(`Notes on the audit: ${problems.length}`, problems.slice(0, longestList).map(noteLine).join("\n")),
    `Static audit by raceproof ${markdownProse(review.toolVersion)} of ${plural(review.after.coverage.files, "file")} (${review.after.coverage.filesWithErrors} with parse errors), ` +
      `${plural(review.after.coverage.functions, "function")}; nothing was run. A hazard is a suspicion: \`raceproof confirm\` proves or clears it.`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function describeSide({ specification, version }: ReviewedSide): string {
  return version === undefined || specification.includes(version) ? markdownCode(specification) : `${markdownCode(specification)} (${markdownProse(version)})`;
}

function hazardTable(hazards: readonly Hazard[]): string {
  const rows = hazards
    .slice(0, longestList)
    .map((hazard) => [
      markdownCode(`${hazard.span.file}:${hazard.span.line}`),
      markdownCode(hazard.rule),
      `${markdownCode(hazard.location.display)} in ${markdownCode(hazard.function)}`,
      markdownProse(hazard.message),
      markdownProse(`${severityWords[hazard.severity]}, ${hazard.confidence} confidence`),
    ]);
  return withRest(markdownTable(["Site", "Rule", "Location", "What", "Weight"], rows), hazards.length);
}

function suppressedTable(suppressed: Review["suppressed"]): string {
  const rows = suppressed
    .slice(0, longestList)
    .map(({ hazard, suppression }) => [
      markdownCode(`${hazard.span.file}:${hazard.span.line}`),
      markdownCode(hazard.rule),
      markdownProse(describeSuppression(suppression)),
    ]);
  return withRest(markdownTable(["Site", "Rule", "Why"], rows), suppressed.length);
}

function withRest(table: string, count: number): string {
  return count <= longestList ? table : `${table}\n\n${count - longestList} more in the JSON review.`;
}

function noteLine({ file, line, message }: Notification): string {
  const place = file === undefined ? "" : `${markdownCode(line === undefined ? file : `${file}:${line}`)}: `;
  return `- ${place}${markdownProse(message)}`;
}

/** What `review --output-format json` prints; a public promise like the report (schemaVersion 1, schema/review.schema.json). */
export interface JsonReview {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "raceproof"; readonly version: string };
  readonly subject: string;
  readonly before: ReviewedSide;
  readonly after: ReviewedSide;
  readonly new: readonly JsonHazard[];
  readonly fixed: readonly JsonHazard[];
  readonly remaining: readonly (JsonHazard & { readonly was: { readonly file: string; readonly line: number } })[];
  readonly suppressed: readonly (JsonHazard & { readonly suppression: Review["suppressed"][number]["suppression"] })[];
  readonly notifications: readonly Notification[];
}

export function renderReviewJson(review: Review): string {
  const json: JsonReview = {
    schemaVersion: 1,
    tool: { name: "raceproof", version: review.toolVersion },
    subject: review.subject,
    before: review.before,
    after: review.after,
    new: review.added.map(renderJsonHazard),
    fixed: review.fixed.map(renderJsonHazard),
    remaining: review.remaining.map(({ before, after }) => ({ ...renderJsonHazard(after), was: { file: before.span.file, line: before.span.line } })),
    suppressed: review.suppressed.map(({ hazard, suppression }) => ({ ...renderJsonHazard(hazard), suppression })),
    notifications: review.notifications,
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
