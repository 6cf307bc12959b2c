// Options that several commands share: which findings to show, how to print them, when to fail.
import { Argument, InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { isAtLeast } from "../hazards/index.ts";
import { compareConfidence } from "../vocabulary/index.ts";
import type { Confidence, Report, Verdict } from "../vocabulary/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { outputFormats } from "./output-formats.ts";
import type { OutputFormat } from "./output-formats.ts";

/** As typed; what is undefined is left to the settings file and then to the defaults. */
export interface SharedOptions {
  readonly output: string | undefined;
  readonly confidence: Confidence | undefined;
  readonly failOn: FailOn | undefined;
  readonly rule: readonly string[] | undefined;
  readonly includeTests: boolean | undefined;
  readonly quiet: boolean | undefined;
  readonly progress: boolean | undefined;
  readonly cache: string | undefined;
  /** A file; false for none at all. */
  readonly config: string | false | undefined;
}

export interface ReportOptions extends SharedOptions {
  readonly outputFormat: OutputFormat;
  readonly baseline: string | undefined;
  readonly failOnStaleBaseline: boolean | undefined;
}

export type FailOn = Confidence | "never";

/** When a command fails and what it shows, with nothing left open. */
export interface Thresholds {
  readonly confidence: Confidence;
  readonly failOn: FailOn;
  readonly failOnStaleBaseline: boolean;
}

const levels: readonly Confidence[] = ["low", "medium", "high"];

export function withReportOptions(command: Command): Command {
  return withSharedOptions(command.addArgument(new Argument("<subject>", "folder, file, name, name==version, git+URL@rev, or a local repository PATH@rev")))
    .addOption(new Option("--output-format <format>", "how to print the report").choices(outputFormats).default("terminal"))
    .option("--baseline <file>", "hazards that this file lists are known: they are listed as suppressed and do not count")
    .option("--fail-on-stale-baseline", "exit with 1 when the baseline lists hazards that are no longer found");
}

/** What every command that audits understands, whatever it prints. */
export function withSharedOptions(command: Command): Command {
  return command
    .option("-o, --output <file>", "write the report to a file instead of standard output")
    .addOption(new Option("--confidence <level>", "show findings of at least this confidence (default: medium, or what the settings say)").choices(levels))
    .addOption(
      new Option("--fail-on <level>", "exit with 1 when a finding has at least this confidence (default: medium, or what the settings say)").choices([
        ...levels,
        "never",
      ]),
    )
    .option("--rule <id...>", "only these rules: ids, names without language, or beginnings (see raceproof explain)")
    .option("--include-tests", "audit the subject's tests, documentation and examples too")
    .option(
      "--config <file>",
      "settings file (default: raceproof.toml or [tool.raceproof] of pyproject.toml, nearest to a local subject, then to the current folder)",
    )
    .option("--no-config", "use no settings file")
    .option("--cache <folder>", "cache folder (default: RACEPROOF_CACHE or the user's cache folder)")
    .option("-q, --quiet", "no progress on standard error")
    .option("--progress", "progress on standard error also when it is no terminal");
}

/** What makes the exit code 1 must also be shown. */
export function shownConfidence({ confidence, failOn }: Thresholds): Confidence {
  return failOn !== "never" && compareConfidence(failOn, confidence) < 0 ? failOn : confidence;
}

/** A driver that could not be judged is no pass. */
function exitCodeOfDrivers(verdicts: readonly Verdict[], failOn: FailOn): number {
  if (verdicts.includes("confirmed") && failOn !== "never") return ExitCode.findings;
  return verdicts.every((verdict) => verdict === "clean-within-bound" || verdict === "confirmed") ? ExitCode.clean : ExitCode.incomplete;
}

/** Findings decide first; a clean result with unread or unparsed files is incomplete. */
export function exitCodeOf(report: Report, { failOn, failOnStaleBaseline }: Thresholds): number {
  // What is benign in a class is listed and does not count.
  const inClasses = report.classes.flatMap(({ failures }) => failures.filter(({ rank }) => rank !== "benign"));
  if (inClasses.some(({ confirmation }) => confirmation.verdict === "confirmed") && failOn !== "never") return ExitCode.findings;
  if (report.drivers.length > 0)
    return exitCodeOfDrivers(
      report.drivers.map((driver) => driver.confirmation.verdict),
      failOn,
    );
  const failing = report.findings.some(
    ({ hazard, confirmation }) => failOn !== "never" && (confirmation?.verdict === "confirmed" || isAtLeast(hazard, failOn)),
  );
  if (failing || (failOnStaleBaseline && (report.baseline?.stale ?? 0) > 0)) return ExitCode.findings;
  const unread = report.notifications.some((notification) => notification.level === "error");
  return report.coverage.filesWithErrors > 0 || unread ? ExitCode.incomplete : ExitCode.clean;
}

/** Parses an option that must be a positive number. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("give a number greater than 0.");
  return value;
}

/** Parses "90s", "5m", "1h" or plain seconds. @returns seconds */
export function duration(text: string): number {
  const [, number = "", unit = "s"] = /^([\d.]+)([smh])?$/.exec(text) ?? [];
  return positiveNumber(number === "" ? text : `${Number(number) * { s: 1, m: 60, h: 3600 }[unit as "s" | "m" | "h"]}`);
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
