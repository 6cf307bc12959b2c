// Rechecked witnesses and drivers in, a table out: one row for each and each runtime.
import type { RecheckRow, Share } from "../vocabulary/index.ts";
import { markdownCode, markdownTable } from "./markdown-text.ts";
import { oneLine } from "./plain-text.ts";

export interface RecheckResult {
  /** File of the witness or driver, or the driver's name. */
  readonly name: string;
  readonly subject: string;
  readonly rows: readonly RecheckRow[];
}

const header = ["rechecked", "runtime", "replays", "hash seeds", "same trace", "problems"] as const;

export function renderRecheckJson(results: readonly RecheckResult[]): string {
  return `${JSON.stringify({ schemaVersion: 1, rechecked: results }, null, 2)}\n`;
}

export function renderRecheckMarkdown(results: readonly RecheckResult[]): string {
  return `${markdownTable(
    [...header],
    cellsOf(results).map((row) => row.map((cell) => (cell === "" ? "" : markdownCode(cell)))),
  )}\n`;
}

export function renderRecheckTerminal(results: readonly RecheckResult[]): string {
  const lines = [[...header], ...cellsOf(results)];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function cellsOf(results: readonly RecheckResult[]): string[][] {
  return results.flatMap(({ name, rows }) =>
    rows.map(({ runtime, replays, hashSeeds, traces, problems }) =>
      [name, runtime, say(replays), say(hashSeeds), say(traces), problems.join("; ")].map(oneLine),
    ),
  );
}

function say({ good, all }: Share): string {
  return all === 0 ? "-" : `${good} of ${all}`;
}
