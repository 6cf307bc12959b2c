// Options of the commands that run the subject, and the request made from them.
import { Option } from "commander";
import type { Command } from "commander";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defaultStressBudget, loadDriverFile } from "../confirmations/index.ts";
import { standardBudget } from "../pipeline.ts";
import type { ConfirmRequest } from "../confirm-request.ts";
import { type RuntimeModelName, runtimeModelNames, type SanitizerKind, sanitizerKinds, UserError } from "../vocabulary/index.ts";
import { prepareAudit } from "./project-settings.ts";
import { duration, positiveNumber, positiveWholeNumber, wholeNumber } from "./report-options.ts";
import type { ReportOptions, Thresholds } from "./report-options.ts";

export interface ConfirmOptions extends ReportOptions {
  readonly python: string | undefined;
  readonly model: RuntimeModelName | undefined;
  readonly hazard: readonly string[] | undefined;
  readonly driver: readonly string[] | undefined;
  readonly class: readonly string[] | undefined;
  readonly furtherClasses: number | undefined;
  readonly bound: number;
  readonly budget: number;
  readonly timeLimit: number | undefined;
  readonly resume: boolean | undefined;
  readonly reportFolder: string | undefined;
  readonly secondsPerHazard: number;
  readonly workers: number;
  readonly replayElsewhere: boolean;
  readonly stress: number | true | undefined;
  readonly build: boolean | undefined;
  readonly sanitizer: SanitizerKind;
  readonly manifest: string | undefined;
}

export function withConfirmOptions(command: Command): Command {
  return command
    .option(
      "--python <interpreter>",
      "path, id or version such as 3.11, 3.13t, pypy (default: your python3 if the subject allows it, else the newest CPython with a GIL)",
    )
    .addOption(
      new Option(
        "--model <kind>",
        "search with the switch points of a kind of interpreter, see docs/runtime-models.md (default: any access; where a failure can show is told in any case)",
      ).choices(runtimeModelNames),
    )
    .option("--hazard <id...>", "only these hazards, by id or fingerprint")
    .option("--driver <file...>", "hand-written driver files: judged for themselves, or with --hazard tried for those hazards first")
    .option("--class <name...>", "explore every conflicting pair of public methods of these classes (package.module:Class), whatever the audit says of them")
    .addOption(new Option("--bound <preemptions>", "largest number of preemptions").argParser(wholeNumber).default(standardBudget.bound))
    .addOption(
      new Option("--budget <duration>", "for everything, such as 90s, 5m or 1h; what is not explored by then is listed as such")
        .argParser(duration)
        .default(DEFAULT_SECONDS, "5m"),
    )
    .addOption(new Option("--time-limit <seconds>", "the older name of --budget").argParser(positiveNumber).hideHelp())
    .option("--report-folder <folder>", "where the report goes, and results as they come (default of hunt: raceproof-report-NAME; confirm writes none)")
    .option("--resume", "go on with what an interrupted run left in the report folder")
    .addOption(
      new Option("--seconds-per-hazard <seconds>", "for one hazard, whatever its schedules").argParser(positiveNumber).default(standardBudget.secondsPerHazard),
    )
    .addOption(
      new Option("--workers <count>", "processes at once")
        .argParser(positiveWholeNumber)
        .default(Math.max(1, Math.min(4, availableParallelism())), "one per core, at most 4"),
    )
    .option("--build", "build the subject's extensions, which executes their builds, and try their hazards on what comes out")
    .addOption(
      new Option("--sanitizer <kind>", "with --build, what real threads are watched for: uses of freed memory (address) or data races (thread)")
        .choices(sanitizerKinds)
        .default("address"),
    )
    .option("--manifest <file>", "with --build: the Cargo.toml to build instead of the crate's own, such as one with a newer dependency")
    .option("--no-replay-elsewhere", "do not replay witnesses on other interpreters")
    .addOption(
      new Option(
        "--stress [seconds]",
        `then run what was confirmed under real threads, not controlled, on one interpreter of each kind, for so many seconds in all (${defaultStressBudget.seconds} when not said)`,
      ).argParser(positiveNumber),
    );
}

const DEFAULT_SECONDS = 300;
const KEPT_RESULTS = "results.journal";

export interface PreparedConfirmation {
  readonly request: ConfirmRequest;
  readonly thresholds: Thresholds;
}

/** What the terminal gives to a run. */
export interface Attendance {
  readonly onProgress: (message: string) => void;
  readonly onExploring: () => void;
  readonly signal: AbortSignal;
}

/** @param reportFolder where the report of a subject goes; undefined when none is written */
export async function confirmRequest(
  subject: string,
  options: ConfirmOptions,
  { onProgress, onExploring, signal }: Attendance,
  reportFolder: ((name: string) => string) | undefined,
): Promise<PreparedConfirmation> {
  if (options.resume === true && reportFolder === undefined)
    throw new UserError("there is nothing to resume without a report folder", "Name it with --report-folder.");
  const { request, thresholds } = await prepareAudit(subject, options, onProgress);
  return {
    thresholds,
    request: {
      ...request,
      python: options.python,
      model: options.model,
      hazards: options.hazard ?? [],
      drivers: await Promise.all((options.driver ?? []).map((file) => loadDriverFile(file))),
      classes: options.class ?? [],
      furtherClasses: options.furtherClasses ?? 0,
      budget: { ...standardBudget, bound: options.bound, secondsPerHazard: options.secondsPerHazard },
      secondsInAll: options.timeLimit ?? options.budget,
      keep: reportFolder && { fileOf: (name) => join(reportFolder(name), KEPT_RESULTS), resume: options.resume === true },
      onExploring,
      signal,
      replayElsewhere: options.replayElsewhere,
      workers: options.workers,
      build: options.build === true,
      sanitizer: options.sanitizer,
      manifest: options.manifest,
      stressSeconds: options.stress === true ? defaultStressBudget.seconds : options.stress,
    },
  };
}
