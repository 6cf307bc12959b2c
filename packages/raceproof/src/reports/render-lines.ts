// A report in, one line per finding out: by rule (concise), or by file and function as linters group them (grouped).
// Suppressed findings follow, each saying so in its brackets. Nothing else: no counts, no denominators.
import { createColors } from "picocolors";
import { groupedBy } from "../vocabulary/index.ts";
import type { Finding, Hazard, Report, SuppressedFinding, Suppression, WatchRound } from "../vocabulary/index.ts";
import { oneLine, plural } from "./plain-text.ts";
import { describeSuppression, severityWords, verdictOf, verdictWords } from "./report-words.ts";

export interface LineOptions {
  readonly color: boolean;
}

type Paint = ReturnType<typeof createColors>;
type Line = Finding & { readonly suppression?: Suppression };

/** One greppable line per finding: "file:line:column: rule function location: message [severity, confidence, verdict]". */
export function renderConcise(report: Report, options: LineOptions): string {
  const paint = createColors(options.color);
  return linesOf(report)
    .map((line) => `${renderLine(line, paint)}\n`)
    .join("");
}

function renderLine(line: Line, paint: Paint): string {
  return `${paint.bold(oneLine(placeOf(line)))}: ${oneLine(`${line.hazard.rule} ${line.hazard.function} ${wordsOf(line)}`)} ${factsOf(line, paint)}`;
}

/** What is new and what is fixed since the round before, one line each, below a line that counts. */
export function renderRound({ changed, fixed, added, remaining, waiting, seconds }: WatchRound, options: LineOptions): string {
  const paint = createColors(options.color);
  const what = changed.length === 1 ? oneLine(changed[0] as string) : plural(changed.length, "file");
  const lines = (mark: string, hazards: readonly Hazard[]): string[] =>
    hazards.map((hazard) => `  ${mark} ${renderLine({ hazard, confirmation: undefined }, paint)}`);
  return `${[
    `${what} changed: ${added.length} new, ${fixed.length} fixed, ${remaining} remaining ${paint.dim(`(${seconds.toFixed(2)} s)`)}`,
    ...waiting.map(({ file = "", line = 0, message }) => `  ${paint.yellow("!")} ${oneLine(`${file}:${line}: ${message}`)}`),
    ...lines(paint.red("new  "), added),
    ...lines(paint.green("fixed"), fixed),
  ].join("\n")}\n`;
}

/** Files, below them functions, below them findings in line order. */
export function renderGrouped(report: Report, options: LineOptions): string {
  const paint = createColors(options.color);
  const files = groupedBy(linesOf(report), ({ hazard }) => hazard.span.file);
  const sections = [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, inFile]) => {
      const ordered = inFile.toSorted((a, b) => a.hazard.span.line - b.hazard.span.line);
      const functions = [...groupedBy(ordered, ({ hazard }) => hazard.function)].flatMap(([name, lines]) => [
        `  ${oneLine(name)}`,
        ...lines.map(
          (line) =>
            `    ${paint.bold(`${line.hazard.span.line}:${line.hazard.span.column + 1}`)}  ${paint.dim(oneLine(line.hazard.rule))}  ${oneLine(wordsOf(line))} ${factsOf(line, paint)}`,
        ),
      ]);
      return `${[paint.underline(oneLine(file)), ...functions].join("\n")}\n`;
    });
  return sections.join("\n");
}

function linesOf({ findings, suppressed }: Report): readonly Line[] {
  return [...findings, ...(suppressed satisfies readonly SuppressedFinding[])];
}

function placeOf({ hazard }: Line): string {
  return `${hazard.span.file}:${hazard.span.line}:${hazard.span.column + 1}`;
}

function wordsOf({ hazard }: Line): string {
  return `${hazard.location.display}: ${hazard.message}`;
}

function factsOf(line: Line, paint: Paint): string {
  const { severity, confidence } = line.hazard;
  if (line.suppression) return paint.dim(oneLine(`[suppressed ${describeSuppression(line.suppression)}]`));
  const verdict = verdictOf(line);
  const facts = `[${severityWords[severity]}, ${confidence} confidence, ${verdictWords[verdict]}]`;
  return verdict === "confirmed" ? paint.red(facts) : paint.dim(facts);
}
