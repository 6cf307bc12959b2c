// The command line: arguments in, exit code out. Errors a user can solve are one line on standard error and exit code 2.
import { Command, CommanderError } from "commander";
import { toolVersion } from "../tool-version.ts";
import { UserError } from "../vocabulary/index.ts";
import { addAuditCommand } from "./audit-command.ts";
import { addBisectCommand } from "./bisect-command.ts";
import { addConfirmCommand, addHuntCommand } from "./confirm-command.ts";
import { ExitCode } from "./exit-codes.ts";
import { addExplainCommand } from "./explain-command.ts";
import { addFixCommand } from "./fix-command.ts";
import { addGuardCommand } from "./guard-command.ts";
import { addRecheckCommand } from "./recheck-command.ts";
import { addReplayCommand } from "./replay-command.ts";
import { addReviewCommand } from "./review-command.ts";
import { addRuntimesCommand } from "./runtimes-command.ts";
import { addStressCommand } from "./stress-command.ts";

/** Runs one command line. @returns the process's exit code (docs/exit-codes.md) */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = ExitCode.clean;
  const program = commandLine((finished) => {
    code = finished;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return explainFailure(error);
  }
}

/** All commands, for `main` and for the generated documentation. */
export function commandLine(finish: (code: number) => void): Command {
  const program = new Command("raceproof")
    .description("Thread safety of Python libraries: audit the source, prove the races, replay them every time.")
    .version(toolVersion, "-V, --version")
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      "after",
      "\nExample:\n  raceproof hunt cachetools==5.3.2\n\nExit codes: 0 clean, 1 findings, 2 usage or internal error, 3 analysis incomplete, 130 interrupted.\n",
    );
  addHuntCommand(program, finish);
  addAuditCommand(program, finish);
  addConfirmCommand(program, finish);
  addReviewCommand(program, finish);
  addReplayCommand(program, finish);
  addRecheckCommand(program, finish);
  addBisectCommand(program, finish);
  addFixCommand(program, finish);
  addGuardCommand(program, finish);
  addStressCommand(program, finish);
  addExplainCommand(program);
  addRuntimesCommand(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

function explainFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.clean : ExitCode.usage;
  if (error instanceof UserError) {
    process.stderr.write(`raceproof: ${sentence(error.message)} ${sentence(error.advice)}\n`);
    return ExitCode.usage;
  }
  const problem = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`raceproof: internal error: ${problem.message}. Please report it; RACEPROOF_DEBUG=1 prints where.\n`);
  if (process.env["RACEPROOF_DEBUG"]) process.stderr.write(`${problem.stack ?? ""}\n`);
  return ExitCode.usage;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
