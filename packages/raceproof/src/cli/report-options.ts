// Options that several commands share: which findings to show, how to print them, when to fail.
import { Argument, InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { encodeWitness } from "../confirmations/index.ts";
import { renderConcise, renderJson, renderMarkdown, renderSarif, renderTerminal } from "../reports/index.ts";
import { isAtLeast } from "../hazards/index.ts";
import { compareConfidence } from "../vocabulary/index.ts";
import type { SarifOptions } from "../reports/index.ts";
import type { Confidence, Report, Verdict } from "../vocabulary/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { terminalWidth, wantsColor } from "./terminal.ts";

export type OutputFormat = "terminal" | "concise" | "markdown" | "json" | "sarif";
export const outputFormats: readonly OutputFormat[] = ["terminal", "concise", "markdown", "json", "sarif"];

export interface ReportOptions {
  readonly outputFormat: OutputFormat;
  readonly output: string | undefined;
  readonly confidence: Confidence;
  readonly failOn: Confidence | "never";
  readonly rule: readonly string[] | undefined;
  readonly includeTests: boolean | undefined;
  readonly quiet: boolean | undefined;
  readonly cache: string | undefined;
}

export function withReportOptions(command: Command): Command {
  return command
    .addArgument(new Argument("<subject>", "folder, file, name, name==version, git+URL@rev, or a local repository PATH@rev"))
    .addOption(new Option("--output-format <format>", "how to print the report").choices(outputFormats).default("terminal"))
    .option("-o, --output <file>", "write the report to a file instead of standard output")
    .addOption(new Option("--confidence <level>", "show findings of at least this confidence").choices(["low", "medium", "high"]).default("medium"))
    .addOption(new Option("--fail-on <level>", "exit with 1 when a finding has at least this confidence").choices(["low", "medium", "high", "never"]).default("medium"))
    .option("--rule <id...>", "only these rules (see raceproof explain)")
    .option("--include-tests", "audit the subject's tests, documentation and examples too")
    .option("--cache <folder>", "cache folder (default: RACEPROOF_CACHE or the user's cache folder)")
    .option("-q, --quiet", "no progress on standard error");
}

export function renderReport(report: Report, options: ReportOptions): string {
  switch (options.outputFormat) {
    case "terminal":
      return renderTerminal(report, { color: wantsColor() && options.output === undefined, width: terminalWidth(), showLow: shownConfidence(options) === "low", encodeWitness });
    case "concise":
      return renderConcise(report, { color: wantsColor() && options.output === undefined });
    case "markdown":
      return renderMarkdown(report, { encodeWitness });
    case "json":
      return renderJson(report, { encodeWitness });
    case "sarif":
      return renderSarif(report, sarifOptions);
  }
}

/** Rules have no home on the web yet: a URN names them. */
export const sarifOptions: SarifOptions = { encodeWitness, ruleUri: (id) => `urn:raceproof:rule:${id.replace("/", ":")}` };

/** What makes the exit code 1 must also be shown. */
export function shownConfidence({ confidence, failOn }: ReportOptions): Confidence {
  return failOn !== "never" && compareConfidence(failOn, confidence) < 0 ? failOn : confidence;
}

/** A driver that could not be judged is no pass. */
function exitCodeOfDrivers(verdicts: readonly Verdict[], failOn: Confidence | "never"): number {
  if (verdicts.includes("confirmed") && failOn !== "never") return ExitCode.findings;
  return verdicts.every((verdict) => verdict === "clean-within-bound" || verdict === "confirmed") ? ExitCode.clean : ExitCode.incomplete;
}

/** Findings decide first; a clean result with unread or unparsed files is incomplete. */
export function exitCodeOf(report: Report, failOn: Confidence | "never"): number {
  if (report.drivers.length > 0) return exitCodeOfDrivers(report.drivers.map((driver) => driver.confirmation.verdict), failOn);
  const failing = report.findings.some(({ hazard, confirmation }) => failOn !== "never" && (confirmation?.verdict === "confirmed" || isAtLeast(hazard, failOn)));
  if (failing) return ExitCode.findings;
  const unread = report.notifications.some((notification) => notification.level === "error");
  return report.coverage.filesWithErrors > 0 || unread ? ExitCode.incomplete : ExitCode.clean;
}

/** Parses an option that must be a positive number. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("give a number greater than 0.");
  return value;
}

/** Parses an option that counts something there must be at least one of. */
export function positiveWholeNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError("give a whole number, 1 or more.");
  return value;
}

/** PYTHONHASHSEED as Python accepts it (docs.python.org/3/using/cmdline.html#envvar-PYTHONHASHSEED). */
export function hashSeed(text: string): number {
  const value = wholeNumber(text);
  if (value > 4_294_967_295) throw new InvalidArgumentError("give a whole number from 0 to 4294967295.");
  return value;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("give a whole number, 0 or more.");
  return value;
}
