// `raceproof fix`: a subject in, patches that were checked on standard output as one diff; with --write into the files of a clean working tree.
import { writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { proposeFixes } from "../fix.ts";
import { renderFixes, renderFixesJson, renderRefusals } from "../reports/index.ts";
import { assertCleanTree } from "../sources/index.ts";
import type { FixReport } from "../vocabulary/index.ts";
import { UserError } from "../vocabulary/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { prepareAudit } from "./project-settings.ts";
import { withSharedOptions } from "./report-options.ts";
import type { SharedOptions } from "./report-options.ts";
import { createProgress, deliver } from "./terminal.ts";

interface FixOptions extends SharedOptions {
  readonly hazard: readonly string[] | undefined;
  readonly outputFormat: "diff" | "json";
  readonly write: boolean | undefined;
  readonly compiler: boolean;
  readonly build: boolean | undefined;
}

export function addFixCommand(program: Command, finish: (code: number) => void): void {
  const command = program
    .command("fix")
    .summary("propose patches, each checked before it is shown")
    .description(
      "Prints a diff that removes hazards whose fix is mechanical. Each patch is applied in memory first: the hazard must be gone, nothing new found, and in C a compiler " +
        "must take it (nothing is built or run; crates are only compiled with --build). Exit 0: there is a patch, or nothing to mend. 1: there are hazards and no patch for any.",
    )
    .argument("<subject>", "as for audit; --write needs a folder of a git repository")
    .option("--hazard <id...>", "only these hazards: ids or fingerprints")
    .addOption(new Option("--output-format <format>", "how to print the patches").choices(["diff", "json"]).default("diff"))
    .option("--write", "change the files; only in a working tree without changes of its own")
    .option("--build", "give patched crates to `cargo check`, which executes their build scripts")
    .option("--no-compiler", "show patches of C and C++ that no compiler has seen");
  withSharedOptions(command)
    .addHelpText("after", "\nExamples:\n  raceproof fix . --rule unlocked-entry-point | git apply\n  raceproof fix . --write\n")
    .action(async (subject: string, options: FixOptions) => {
      const progress = createProgress(options);
      try {
        const { request } = await prepareAudit(subject, options, (message) => progress.say(message));
        const report = await proposeFixes({
          ...request,
          hazards: options.hazard ?? [],
          compiler: options.compiler ? "on" : "off",
          build: options.build === true,
        });
        progress.end();
        if (options.write === true) await writeFixes(report);
        const pathOf = (file: string): string => pathFrom(process.cwd(), join(report.subject.root, file), file);
        await deliver(options.outputFormat === "json" ? renderFixesJson(report, pathOf) : renderFixes(report, pathOf), options.output);
        if (options.quiet !== true && options.outputFormat === "diff") process.stderr.write(renderRefusals(report));
        finish(report.applied.length === 0 && report.refused.length > 0 ? ExitCode.findings : ExitCode.clean);
      } finally {
        progress.end();
      }
    });
}

/** Of a subject below the current folder, as somebody would name the file there. */
function pathFrom(cwd: string, place: string, file: string): string {
  const path = relative(cwd, place);
  return path.startsWith("..") || isAbsolute(path) ? file : path.split(sep).join("/");
}

/** @throws UserError where a change could not be told from those of the person */
async function writeFixes({ subject, files }: FixReport): Promise<void> {
  if (files.length === 0) return;
  await assertCleanTree(subject.root);
  for (const { path, after } of files) {
    try {
      await writeFile(join(subject.root, path), Buffer.from(after, "latin1"));
    } catch (error) {
      throw new UserError(`cannot write ${path} (${(error as Error).message})`, "Print the diff and apply it where the files can be changed.");
    }
  }
}
