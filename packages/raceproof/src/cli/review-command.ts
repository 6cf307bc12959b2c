// `raceproof review`: two revisions or specifications in; what is fixed, what remains and what is new on standard output.
import { Argument, Option } from "commander";
import type { Command } from "commander";
import { isAtLeast } from "../hazards/index.ts";
import { renderReviewJson, renderReviewMarkdown } from "../reports/index.ts";
import { readReviewedPair, reviewSubjects } from "../review.ts";
import type { Review } from "../vocabulary/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { prepareAudit } from "./project-settings.ts";
import { wholeNumber, withSharedOptions } from "./report-options.ts";
import type { FailOn, SharedOptions } from "./report-options.ts";
import { createProgress, deliver } from "./terminal.ts";

interface ReviewOptions extends SharedOptions {
  readonly outputFormat: "markdown" | "json";
  readonly steps: number;
}

export function addReviewCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command("review")
    .summary("compare two revisions: fixed, remaining and new hazards")
    .description(
      "Audits both sides and compares. Prints Markdown for a comment on a pull request. Exits with 1 when there are new hazards at or above --fail-on.",
    )
    .addArgument(new Argument("<before>", "BASE..HEAD, BASE...HEAD (from where they parted), REV (against the working tree), or a specification"))
    .addArgument(new Argument("[subject]", "folder of the local repository (default: the current one), or the second specification"))
    .addOption(new Option("--output-format <format>", "how to print the review").choices(["markdown", "json"]).default("markdown"))
    .addOption(
      new Option("--steps <count>", "of a range, audit up to this many commits one by one: what came and went on the way; 0: only the ends")
        .default(10)
        .argParser(wholeNumber),
    );
  withSharedOptions(command)
    .addHelpText("after", "\nExamples:\n  raceproof review origin/main...HEAD\n  raceproof review cachetools==5.3.1 cachetools==5.3.2\n")
    .action(async (first: string, second: string | undefined, options: ReviewOptions) => {
      const progress = createProgress(options);
      try {
        const pair = await readReviewedPair(first, second, process.cwd());
        const { request, thresholds } = await prepareAudit(pair.after, options, (message) => progress.say(message));
        const review = await reviewSubjects(pair, request, options.steps);
        progress.end();
        await deliver(options.outputFormat === "json" ? renderReviewJson(review) : renderReviewMarkdown(review), options.output);
        finish(exitCodeFor(review, thresholds.failOn));
      } finally {
        progress.end();
      }
    });
}

/** New hazards decide first; without any, files that were not read or parsed make it incomplete. */
function exitCodeFor({ added, before, after, notifications }: Review, failOn: FailOn): number {
  if (failOn !== "never" && added.some((hazard) => isAtLeast(hazard, failOn))) return ExitCode.findings;
  const unread = notifications.some(({ level }) => level === "error");
  return unread || before.coverage.filesWithErrors + after.coverage.filesWithErrors > 0 ? ExitCode.incomplete : ExitCode.clean;
}
