// `raceproof audit`: a subject in, its hazards on standard output. Runs none of the subject's code.
import type { Command } from "commander";
import { auditSubject } from "../pipeline.ts";
import { exitCodeOf, renderReport, shownConfidence, withReportOptions } from "./report-options.ts";
import type { ReportOptions } from "./report-options.ts";
import { createProgress, deliver } from "./terminal.ts";

export function addAuditCommand(program: Command, finish: (code: number) => void): void {
  withReportOptions(program.command("audit"))
    .summary("find hazards by reading the source; runs none of it")
    .description("Finds suspected races by reading the source. Nothing of the subject is executed, its build backend included.")
    .addHelpText("after", "\nExample:\n  raceproof audit ./src --output-format concise\n")
    .action(async (subject: string, options: ReportOptions) => {
      const progress = createProgress(options.quiet === true);
      try {
        const report = await auditSubject({
          specification: subject, cwd: process.cwd(), includeTests: options.includeTests === true, rules: options.rule,
          minimumConfidence: shownConfidence(options), cacheFolder: options.cache, onProgress: (message) => progress.say(message),
        });
        progress.end();
        await deliver(renderReport(report, options), options.output);
        finish(exitCodeOf(report, options.failOn));
      } finally {
        progress.end();
      }
    });
}
