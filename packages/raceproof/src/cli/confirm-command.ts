// `raceproof confirm` and `raceproof hunt`: run the subject under the controlled scheduler. `hunt` also writes a report folder.
import { Option } from "commander";
import type { Command } from "commander";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { encodeWitness, renderWitness, renderWorkload } from "../confirmations/index.ts";
import { huntSubject } from "../pipeline.ts";
import { renderJson, renderMarkdown } from "../reports/index.ts";
import type { ClassAudit, Confirmation, Report } from "../vocabulary/index.ts";
import { attendInterruption } from "./interruption.ts";
import { ExitCode } from "./exit-codes.ts";
import { confirmRequest, withConfirmOptions } from "./confirm-options.ts";
import type { ConfirmOptions } from "./confirm-options.ts";
import { deliverReport, renderReport } from "./output-formats.ts";
import { exitCodeOf, shownConfidence, wholeNumber, withReportOptions } from "./report-options.ts";
import { createProgress, writeText } from "./terminal.ts";

export function addConfirmCommand(program: Command, finish: (code: number) => void): void {
  withConfirmOptions(withReportOptions(program.command("confirm")))
    .summary("prove or clear hazards by running them under a controlled scheduler")
    .description(
      "Drives two threads through each hazard, one runnable at a time, over all schedules with up to --bound preemptions. Executes the subject's code.",
    )
    .addHelpText("after", "\nExample:\n  raceproof confirm ./src --driver my_driver.py --python 3.13t\n")
    .action(async (subject: string, options: ConfirmOptions) => {
      const named = options.reportFolder;
      finish(await run(subject, options, named === undefined ? undefined : () => resolve(named)));
    });
}

export function addHuntCommand(program: Command, finish: (code: number) => void): void {
  withConfirmOptions(withReportOptions(program.command("hunt")))
    .summary("the main job: fetch, audit, confirm, report")
    .description("Fetches a package, audits it, proves what it can and writes report.md, report.json, report.sarif and the witnesses to a folder.")
    .addOption(
      new Option("--further-classes <count>", "after the hazards, explore so many classes that hazards are about, pair by pair, where nothing is named")
        .argParser(wholeNumber)
        .default(8),
    )
    .addHelpText("after", "\nExample:\n  raceproof hunt cachetools==5.3.2\n")
    .action(async (subject: string, options: ConfirmOptions) => {
      finish(await run(subject, options, (name) => resolve(options.reportFolder ?? `raceproof-report-${name}`)));
    });
}

/** The report is delivered before it is written to a folder: a full disk takes nothing away. */
async function run(subject: string, options: ConfirmOptions, folderOf: ((name: string) => string) | undefined): Promise<number> {
  const progress = createProgress(options);
  const interruption = attendInterruption();
  try {
    const attendance = { onProgress: (message: string) => progress.say(message), ...interruption };
    const { request, thresholds } = await confirmRequest(subject, options, attendance, folderOf);
    const report = await huntSubject(request);
    progress.end();
    await deliverReport(report, options.outputFormat, { shown: shownConfidence(thresholds), output: options.output });
    if (folderOf !== undefined) await writeReportFolder(report, folderOf(report.subject.name));
    return interruption.signal.aborted ? ExitCode.interrupted : exitCodeOf(report, thresholds);
  } finally {
    progress.end();
    interruption.end();
  }
}

/** One per distinct failure, numbered as in the report. */
function resultsOfClass({ name, failures }: ClassAudit): { readonly name: string; readonly confirmation: Confirmation }[] {
  return failures.map(({ rank, confirmation }, index) => ({ name: `${name}-${rank}-${index + 1}`, confirmation }));
}

async function writeReportFolder(report: Report, folder: string): Promise<void> {
  await writeText(join(folder, "report.md"), renderMarkdown(report, { encodeWitness }));
  await writeText(join(folder, "report.json"), renderJson(report, { encodeWitness }));
  await writeText(join(folder, "report.sarif"), renderReport(report, "sarif", { shown: "low", output: folder }));
  // Witnesses of an earlier run would look like results of this one.
  for (const name of ["witnesses", "workloads"]) await rm(join(folder, name), { recursive: true, force: true });
  const results = [
    ...report.findings.map(({ hazard, confirmation }) => ({ name: hazard.id, confirmation })),
    ...report.drivers,
    ...report.classes.flatMap(resultsOfClass),
  ];
  for (const { name, confirmation } of results) {
    const file = name.replaceAll(/[^\w.-]+/g, "-");
    if (confirmation?.workload) await writeText(join(folder, "workloads", `${file}.json`), renderWorkload(confirmation.workload, report.subject.specification));
    if (!confirmation?.witness) continue;
    await writeText(join(folder, "witnesses", `${file}.json`), renderWitness(confirmation.witness));
    await writeText(join(folder, "witnesses", `${file}.driver.py`), confirmation.witness.driver.source);
  }
  process.stderr.write(`report written to ${folder}\n`);
}
