// A review in, Markdown fit for a comment on a pull request, or JSON, out: new hazards first and in full, the rest folded.
// Everything taken from the subject is escaped. Long lists are cut and say so; the JSON has everything.
import { groupedBy } from "../vocabulary/index.ts";
import type { Hazard, Notification, Review, ReviewedSide, Revision } from "../vocabulary/index.ts";
import { markdownCode, markdownDetails, markdownProse, markdownTable } from "./markdown-text.ts";
import { plural } from "./plain-text.ts";
import { renderJsonHazard } from "./render-json.ts";
import type { JsonHazard } from "./render-json.ts";
import { describeSuppression, severityWords } from "./report-words.ts";

const longestList = 60;

export function renderReviewMarkdown(review: Review): string {
  const { fixed, remaining, added, mended, passing, suppressed } = review;
  const problems = review.notifications.filter(({ level }) => level !== "note");
  const sections = [
    `## Thread safety of ${markdownProse(review.subject)}: ${added.length} new, ${fixed.length} fixed, ${remaining.length} remaining`,
    `${describeSide(review.before)} → ${describeSide(review.after)}`,
    added.length === 0 ? "" : `### New\n\n${hazardTable(added)}`,
    fixed.length === 0 ? "" : `### Fixed\n\n${shapeTable(fixed)}`,
    mended.some(({ left }) => left.length > 0) ? `### What the change leaves in functions it mends\n\n${mendedTable(mended)}` : "",
    passing.length === 0 ? "" : `### Came and went on the way\n\n${passingTable(passing)}`,
    remaining.length === 0 ? "" : markdownDetails(`Remaining: ${remaining.length}`, shapeTable(remaining.map(({ after }) => after))),
    suppressed.length === 0 ? "" : markdownDetails(`Suppressed: ${suppressed.length}`, suppressedTable(suppressed)),
    problems.length === 0 ? "" : markdownDetails(`Notes on the audit: ${problems.length}`, problems.slice(0, longestList).map(noteLine).join("\n")),
    `Static audit by raceproof ${markdownProse(review.toolVersion)} of ${plural(review.after.coverage.files, "file")} (${review.after.coverage.filesWithErrors} with parse errors), ` +
      `${plural(review.after.coverage.functions, "function")}${describeNative(review.after)}; nothing was run. A hazard is a suspicion: \`raceproof confirm\` proves or clears it.`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function describeSide({ specification, version }: ReviewedSide): string {
  return version === undefined || specification.includes(version) ? markdownCode(specification) : `${markdownCode(specification)} (${markdownProse(version)})`;
}

function describeNative({ coverage: { native, rust } }: ReviewedSide): string {
  const extensions = [native, rust].flatMap((each) => each ?? []);
  return extensions.map(({ files, functions }) => `, and ${plural(files, "file")} of an extension with ${plural(functions, "function")}`).join("");
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

/** One row for each rule: who reads a long list wants to know where, and what of. */
function shapeTable(hazards: readonly Hazard[]): string {
  const rows = [...groupedBy(hazards, ({ rule }) => rule)].map(([rule, group]) => [
    markdownCode(rule),
    `${group.length}`,
    functionList(group.map(({ function: name, span }) => `${name}:${span.line}`)),
    markdownProse(group[0]?.message ?? ""),
  ]);
  return markdownTable(["Rule", "Count", "Functions", "For example"], rows);
}

function mendedTable(mended: Review["mended"]): string {
  const open = mended.filter(({ left }) => left.length > 0);
  const rows = open
    .slice(0, longestList)
    .map(({ name, fixed, left }) => [
      markdownCode(name),
      [...new Set(fixed.map(({ rule }) => rule))].map(markdownCode).join(", "),
      [...groupedBy(left, ({ rule }) => rule)].map(([rule, group]) => `${markdownCode(rule)} (${linesOf(group)})`).join(", "),
    ]);
  const clean = mended.length - open.length;
  const whole = `Nothing is left in ${clean} of the ${plural(mended.length, "function")} from which something was fixed.`;
  return `${withRest(markdownTable(["Function", "Fixed", "Left (line)"], rows), open.length)}\n\n${whole}`;
}

function linesOf(hazards: readonly Hazard[]): string {
  return [...new Set(hazards.map(({ span }) => span.line))].join(", ");
}

function passingTable(passing: Review["passing"]): string {
  const groups = groupedBy(passing, ({ hazard, came, went }) => `${hazard.rule} ${came.commit} ${went.commit}`);
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      [
        markdownCode(first.hazard.rule),
        functionList(group.map(({ hazard }) => `${hazard.function}:${hazard.span.line}`)),
        markdownProse(first.hazard.message),
        commitText(first.came),
        commitText(first.went),
      ],
    ];
  });
  return withRest(markdownTable(["Rule", "Functions", "For example", "Came with", "Went with"], rows.slice(0, longestList)), rows.length);
}

function commitText({ commit, subject }: Revision): string {
  return `${markdownCode(commit.slice(0, 8))} ${markdownProse(subject)}`;
}

function functionList(names: readonly string[]): string {
  const rest = names.length - longestList;
  return `${names.slice(0, longestList).map(markdownCode).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
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
  /** Functions from which something was fixed, with fingerprints of what is fixed and left in them. */
  readonly mended: readonly { readonly function: string; readonly file: string; readonly fixed: readonly string[]; readonly left: readonly string[] }[];
  /** Neither side has them: a commit in between brought them, a later one removed them. */
  readonly passing: readonly (JsonHazard & { readonly came: Revision; readonly went: Revision })[];
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
    mended: review.mended.map(({ name, file, fixed, left }) => ({ function: name, file, fixed: fixed.map(fingerprintIn), left: left.map(fingerprintIn) })),
    passing: review.passing.map(({ hazard, came, went }) => ({ ...renderJsonHazard(hazard), came, went })),
    suppressed: review.suppressed.map(({ hazard, suppression }) => ({ ...renderJsonHazard(hazard), suppression })),
    notifications: review.notifications,
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function fingerprintIn({ fingerprint }: Hazard): string {
  return fingerprint;
}
