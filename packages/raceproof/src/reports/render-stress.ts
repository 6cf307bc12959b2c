// The rows of one stressed driver in, text out: a table for a terminal or Markdown, or JSON.
import { wilsonInterval } from "../vocabulary/index.ts";
import type { RuntimeRow } from "../vocabulary/index.ts";
import { markdownCode, markdownHeading, markdownTable } from "./markdown-text.ts";
import { oneLine } from "./plain-text.ts";

export interface StressResult {
  readonly driver: string;
  readonly subject: string;
  readonly rows: readonly RuntimeRow[];
}

export function renderStressJson(results: readonly StressResult[]): string {
  return `${JSON.stringify({ schemaVersion: 1, drivers: results.map(({ driver, subject, rows }) => ({ driver, subject, runtimes: rows })) }, null, 2)}\n`;
}

export function renderStressMarkdown(results: readonly StressResult[]): string {
  return results
    .map(({ driver, subject, rows }) => {
      const cells = rows.map((row) => cellsOf(row).map((cell) => markdownCode(cell)));
      return `${markdownHeading(2, `${driver} (${subject})`)}\n\n${markdownTable([...header], cells)}\n`;
    })
    .join("\n");
}

export function renderStressTerminal(results: readonly StressResult[]): string {
  return results
    .map(({ driver, subject, rows }) => {
      const lines = [[...header], ...rows.map(cellsOf)];
      const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
      const table = lines.map((line) =>
        line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd(),
      );
      return [oneLine(`${driver} (${subject})`), ...table, ...rows.flatMap(firstTraceback), ""].join("\n");
    })
    .join("\n");
}

const header = ["runtime", "switch interval", "failing", "95 % interval", "controls", "failures"] as const;

function cellsOf(row: RuntimeRow): string[] {
  const { stress } = row;
  const interval = wilsonInterval(row.failing, row.repeats);
  const controls = (stress?.controls ?? []).map(({ arm, failing, repeats }) => `${arm} ${failing}/${repeats}`).join(", ");
  const failures = (stress?.failures ?? []).map(({ summary, repeats }) => `${summary} (${repeats})`).join("; ");
  return [
    row.runtime,
    stress?.switchInterval === undefined ? "-" : `${stress.switchInterval} s`,
    `${row.failing}/${row.repeats}`,
    interval === undefined ? "-" : interval.map((rate) => `${(100 * rate).toFixed(0)} %`).join("-"),
    controls,
    [failures, row.note ?? ""].filter((part) => part !== "").join("; "),
  ].map(oneLine);
}

/** Of the most frequent failure of a row. */
function firstTraceback(row: RuntimeRow): string[] {
  const failure = row.stress?.failures.find(({ traceback }) => traceback.length > 0);
  if (failure === undefined) return [];
  return [`  ${oneLine(`${row.runtime}: ${failure.summary}`)}`, ...failure.traceback.slice(-6).map((line) => `    ${oneLine(line)}`)];
}
