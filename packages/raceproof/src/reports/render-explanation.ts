// A rule's metadata and page in, the text of `raceproof explain` out: facts first, then the page as it was written.
import { createColors } from "picocolors";
import type { RuleMetadata } from "../vocabulary/index.ts";
import { fixesByCost } from "./markdown-shape.ts";
import { oneLine, wrapText } from "./plain-text.ts";
import { severityWords } from "./report-words.ts";

export interface ExplanationOptions {
  readonly color: boolean;
  /** Columns for the facts; the page keeps its own line breaks. */
  readonly width: number;
}

/** @param page the rule's page as Markdown; its first heading repeats the title and is dropped. @returns text ending in a line break. */
export function renderExplanation(rule: RuleMetadata, page: string, options: ExplanationOptions): string {
  const paint = createColors(options.color);
  const width = Math.max(40, options.width);
  const list = (texts: readonly string[]): readonly string[] =>
    texts.flatMap((text) => wrapText(oneLine(text), width - 4).map((line, index) => `${index === 0 ? "  - " : "    "}${line}`));
  const fixes = fixesByCost(rule).map((fix) => `${fix.title} (${fix.cost} cost): ${fix.detail}`);
  const body = page
    .replace(/\r\n?/g, "\n")
    .replace(/^\s*# [^\n]*\n?/, "")
    .trim();
  return `${[
    `${paint.bold(oneLine(rule.title))} ${paint.dim(oneLine(rule.id))}`,
    `Severity: ${severityWords[rule.severity]}. Since ${oneLine(rule.since)}.`,
    ...wrapText(oneLine(rule.consequence), width),
    ...section("Ways to fix, cheapest first:", list(fixes)),
    ...section("Sources:", list(rule.sources)),
    ...(body === "" ? [] : ["", body]),
  ].join("\n")}\n`;
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", heading, ...lines];
}
