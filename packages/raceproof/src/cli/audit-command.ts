// `raceproof audit`: a subject in, its hazards on standard output. Runs none of the subject's code.
import { Option } from "commander";
import type { Command } from "commander";
import { auditSubject } from "../pipeline.ts";
import { renderBaseline } from "../suppressions/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { deliverReport } from "./output-formats.ts";
import { prepareAudit } from "./project-settings.ts";
import { exitCodeOf, shownConfidence, withReportOptions } from "./report-options.ts";
import type { ReportOptions } from "./report-options.ts";
import { createProgress, prepareOutput, writeText } from "./terminal.ts";
import { watchSubject } from "./watch-subject.ts";

interface AuditCommandOptions extends ReportOptions {
  readonly writeBaseline: string | undefined;
  readonly since: string | undefined;
  readonly watch: boolean | undefined;
}

export function addAuditCommand(program: Command, finish: (code: number) => void): void {
  withReportOptions(program.command("audit"))
    .summary("find hazards by reading the source; runs none of it")
    .description("Finds suspected races by reading the source. Nothing of the subject is executed, its build backend included.")
    .option("--since <revision>", "show only hazards in functions changed since this revision of the local repository, and those new since then")
    .option("--write-baseline <file>", "write the hazards found, and those of --baseline still found, as the new baseline; exit with 0")
    .addOption(
      new Option("--watch", "stay, audit again when files change, and print which hazards are new and which are fixed; Ctrl-C ends").conflicts([
        "since",
        "writeBaseline",
        "output",
      ]),
    )
    .addHelpText("after", "\nExample:\n  raceproof audit ./src --output-format concise\n")
    .action(async (subject: string, options: AuditCommandOptions) => {
      if (options.watch === true) return finish(await watchSubject(subject, options));
      const progress = createProgress(options);
      const waiting: (() => Promise<unknown>)[] = [];
      try {
        const { request, thresholds } = await prepareAudit(subject, options, (message) => progress.say(message));
        await prepareOutput(options.writeBaseline);
        const report = await auditSubject({ ...request, afterwards: (work) => void waiting.push(work) }, options.since);
        progress.end();
        if (options.writeBaseline !== undefined) {
          const known = report.suppressed.filter(({ suppression }) => suppression.by === "baseline");
          const hazards = [...report.findings, ...known].map(({ hazard }) => hazard);
          await writeText(options.writeBaseline, renderBaseline(hazards));
          process.stderr.write(`baseline of ${hazards.length} hazards written to ${options.writeBaseline}\n`);
          finish(ExitCode.clean);
          return;
        }
        await deliverReport(report, options.outputFormat, { shown: shownConfidence(thresholds), output: options.output });
        finish(exitCodeOf(report, thresholds));
      } finally {
        progress.end();
        for (const work of waiting) await work();
      }
    });
}
