// The formats a report can be printed in, one row each. Paths of formats that sites read start at the current folder, not the subject.
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { encodeWitness } from "../confirmations/index.ts";
import {
  placeReport,
  renderConcise,
  renderGitHub,
  renderGitLab,
  renderGrouped,
  renderJson,
  renderJsonLines,
  renderJUnit,
  renderMarkdown,
  renderSarif,
  renderTerminal,
  renderUnseen,
} from "../reports/index.ts";
import type { SarifOptions } from "../reports/index.ts";
import type { Confidence, Report } from "../vocabulary/index.ts";
import { deliver, terminalWidth, wantsColor } from "./terminal.ts";

export type OutputFormat = "terminal" | "concise" | "grouped" | "markdown" | "json" | "json-lines" | "sarif" | "github" | "gitlab" | "junit";

export interface Presentation {
  readonly shown: Confidence;
  readonly output: string | undefined;
}

const renderers: Readonly<Record<OutputFormat, (report: Report, presentation: Presentation) => string>> = {
  terminal: (report, { shown, output }) => renderTerminal(report, { color: mayColor(output), width: terminalWidth(), showLow: shown === "low", encodeWitness }),
  concise: (report, { output }) => renderConcise(report, { color: mayColor(output) }),
  grouped: (report, { output }) => renderGrouped(report, { color: mayColor(output) }),
  markdown: (report) => renderMarkdown(report, { encodeWitness }),
  json: (report) => renderJson(report, { encodeWitness }),
  "json-lines": (report) => renderJsonLines(report, { encodeWitness }),
  sarif: (report) => renderSarif(fromHere(report), sarifOptions(report)),
  github: (report) => renderGitHub(fromHere(report)),
  gitlab: (report) => renderGitLab(fromHere(report)),
  junit: (report) => renderJUnit(report),
};

export const outputFormats: readonly OutputFormat[] = Object.keys(renderers) as OutputFormat[];

export function renderReport(report: Report, format: OutputFormat, presentation: Presentation): string {
  return renderers[format](report, presentation);
}

/** One line per finding, or what a site reads: no place for what was not read or not understood. */
const withoutNotifications: ReadonlySet<OutputFormat> = new Set(["concise", "grouped", "gitlab", "junit"]);

/** To its file or to standard output; what the format cannot say, to standard error: nothing is left out in silence. */
export async function deliverReport(report: Report, format: OutputFormat, presentation: Presentation): Promise<void> {
  await deliver(renderReport(report, format, presentation), presentation.output);
  if (withoutNotifications.has(format)) process.stderr.write(renderUnseen(report, false));
}

/** Rules have no home on the web yet: a URN names them. */
function sarifOptions(report: Report): SarifOptions {
  const prefix = prefixOf(report);
  return {
    encodeWitness,
    ruleUri: (id) => `urn:raceproof:rule:${id.replace("/", ":")}`,
    sourceOf: (file) => {
      try {
        return readFileSync(join(report.subject.root, file.slice(prefix.length)), "utf8");
      } catch {
        return undefined;
      }
    },
  };
}

/** Sites look for files from the folder the job runs in, which is the repository. */
function fromHere(report: Report): Report {
  return placeReport(report, prefixOf(report));
}

/** From the current folder down to the subject; nothing when the subject lies elsewhere. */
function prefixOf({ subject }: Report): string {
  const path = relative(process.cwd(), subject.root).split(sep).join("/");
  return path === "" || path.startsWith("..") || path.startsWith("/") ? "" : `${path}/`;
}

function mayColor(output: string | undefined): boolean {
  return wantsColor() && output === undefined;
}
