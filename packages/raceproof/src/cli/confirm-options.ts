// Options of the commands that run the subject, and the request made from them.
import { Option } from "commander";
import type { Command } from "commander";
import { availableParallelism } from "node:os";
import { defaultStressBudget, loadDriverFile } from "../confirmations/index.ts";
import { standardBudget } from "../pipeline.ts";
import type { ConfirmRequest } from "../pipeline.ts";
import { type RuntimeModelName, runtimeModelNames } from "../vocabulary/index.ts";
import { prepareAudit } from "./project-settings.ts";
import { positiveNumber, positiveWholeNumber, wholeNumber } from "./report-options.ts";
import type { ReportOptions, Thresholds } from "./report-options.ts";

export interface ConfirmOptions extends ReportOptions {
  readonly python: string | undefined;
  readonly model: RuntimeModelName | undefined;
  readonly hazard: readonly string[] | undefined;
  readonly driver: readonly string[] | undefined;
  readonly class: readonly string[] | undefined;
  readonly bound: number;
  readonly timeLimit: number;
  readonly secondsPerHazard: number;
  readonly workers: number;
  readonly replayElsewhere: boolean;
  readonly stress: number | true | undefined;
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
    .addOption(new Option("--time-limit <seconds>", "for all hazards together").argParser(positiveNumber).default(200))
    .addOption(new Option("--seconds-per-hazard <seconds>", "for one hazard").argParser(positiveNumber).default(standardBudget.secondsPerHazard))
    .addOption(
      new Option("--workers <count>", "processes at once")
        .argParser(positiveWholeNumber)
        .default(Math.max(1, Math.min(4, availableParallelism())), "one per core, at most 4"),
    )
    .option("--no-replay-elsewhere", "do not replay witnesses on other interpreters")
    .addOption(
      new Option(
        "--stress [seconds]",
        `then run what was confirmed under real threads, not controlled, on one interpreter of each kind, for so many seconds in all (${defaultStressBudget.seconds} when not said)`,
      ).argParser(positiveNumber),
    );
}

export interface PreparedConfirmation {
  readonly request: ConfirmRequest;
  readonly thresholds: Thresholds;
}

export async function confirmRequest(subject: string, options: ConfirmOptions, onProgress: (message: string) => void): Promise<PreparedConfirmation> {
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
      budget: { ...standardBudget, bound: options.bound, secondsPerHazard: options.secondsPerHazard },
      secondsInAll: options.timeLimit,
      replayElsewhere: options.replayElsewhere,
      workers: options.workers,
      stressSeconds: options.stress === true ? defaultStressBudget.seconds : options.stress,
    },
  };
}
