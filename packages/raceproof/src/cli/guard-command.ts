// `raceproof guard`: a witness or a subject in; a test that keeps a fixed race out, or the result of checking right now, out.
import { Option } from "commander";
import type { Command } from "commander";
import { join } from "node:path";
import { ruleIdsFor } from "../audit.ts";
import { decodeWitness, decodeWorkload, discoverRuntimes, type RecordedWorkload, selectRuntime } from "../confirmations/index.ts";
import { renderReplayGuard, renderStaticGuard } from "../guards/index.ts";
import { guardByThreads } from "../parallel-guard.ts";
import { rules } from "../rules/index.ts";
import { fetchSubject, parseSpecification } from "../sources/index.ts";
import { UserError } from "../vocabulary/index.ts";
import type { Subject } from "../vocabulary/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { readStaticChecker, runStaticGuard } from "./static-checker.ts";
import type { StaticGuardRun } from "./static-checker.ts";
import { positiveWholeNumber } from "./report-options.ts";
import { createProgress, deliver } from "./terminal.ts";
import { readWitnessText } from "./witness-argument.ts";

interface GuardOptions {
  readonly static: boolean | undefined;
  readonly check: boolean | undefined;
  readonly acceptPresent: boolean | undefined;
  readonly rules: readonly string[] | undefined;
  readonly names: readonly string[] | undefined;
  readonly output: string | undefined;
  readonly python: string | undefined;
  readonly build: boolean | undefined;
  readonly subject: string | undefined;
  readonly runs: number;
  readonly cache: string | undefined;
  readonly quiet: boolean | undefined;
}

const example = `
Examples:
  raceproof guard witness.json --output tests/test_race_counter.py
  raceproof guard --static --rules non-atomic-update --names last_ino,[used_size] ./src --output tests/test_thread_safety.py
  raceproof guard raceproof-report-x/workloads/NAME.json --build --output tests/test_parallel_x.py
  raceproof guard --check --rules non-atomic-update --names last_ino ./src
`;

export function addGuardCommand(program: Command, finish: (code: number) => void): void {
  program
    .command("guard")
    .summary("write a test that keeps a fixed race from coming back; it runs without Node")
    .description(
      "Writes a pytest file for a witness, which replays it and explores around it (needs the plugin pytest-raceproof). With --static, one that finds fixed shapes by syntax alone and needs nothing. For a workload of real threads, which confirm --build leaves for compiled code, one that runs it for a bounded time: it may pass although the race is there, and says how often it was caught.",
    )
    .argument("<witness-or-subject>", "a witness file or rp2.… string, or a workload file; with --static or --check, a subject as for audit")
    .option("--static", "write a guard that only reads the source")
    .option("--check", "run the static guard now instead of writing it; exit with 1 when it finds something")
    .addOption(new Option("--rules <rules>", "rules to guard, separated by commas (default: all that syntax can tell)").argParser(commaSeparated))
    .addOption(
      new Option(
        "--names <names>",
        "only these places, separated by commas: x is an attribute or global, [k] the key k, FUNCTION:x only there; with wildcards (default: all)",
      ).argParser(commaSeparated),
    )
    .option("--accept-present", "let the places stay that are there now; more of them, and accepted ones that are gone, are reported")
    .option("-o, --output <file>", "write the test to a file instead of standard output")
    .option("--python <interpreter>", "interpreter for --check (default: the newest CPython) or for a workload (default: the one it was seen on)")
    .option("--build", "for a workload: build the subject, which executes its build, and measure how often the guard catches the race")
    .option("--subject <specification>", "for a workload: this unfixed subject instead of the recorded one")
    .addOption(new Option("--runs <count>", "for a workload: runs of the guard to measure").argParser(positiveWholeNumber).default(20))
    .option("--cache <folder>", "cache folder")
    .option("-q, --quiet", "no progress on standard error")
    .addHelpText("after", example)
    .action(async (text: string, options: GuardOptions) => finish(await guard(text, options)));
}

async function guard(text: string, options: GuardOptions): Promise<number> {
  if (options.static === true || options.check === true) return guardBySyntax(text, options);
  if (options.rules !== undefined || options.names !== undefined || options.acceptPresent === true)
    throw new UserError("--rules, --names and --accept-present belong to --static and --check", "Add one of the two.");
  const named = await readWitnessText(text);
  const workload = decodeWorkload(named);
  if (workload !== undefined) return guardWorkload(workload, options);
  const witness = decodeWitness(named);
  if (witness.model !== undefined)
    throw new UserError(`the witness needs the model "${witness.model}", which a guard does not play`, "Search for one without --model.");
  await deliver(renderReplayGuard(witness).text, options.output);
  return ExitCode.clean;
}

async function guardWorkload(workload: RecordedWorkload, options: GuardOptions): Promise<number> {
  if (options.build !== true)
    throw new UserError("how often this guard catches its race has to be measured", "Add --build, which executes the subject's own build.");
  const progress = createProgress(options);
  try {
    const { python, subject, runs, cache } = options;
    const text = await guardByThreads({ workload, subject, python, runs, cacheFolder: cache, onProgress: (message) => progress.say(message) });
    progress.end();
    await deliver(text, options.output);
    return ExitCode.clean;
  } finally {
    progress.end();
  }
}

async function guardBySyntax(text: string, options: GuardOptions): Promise<number> {
  const progress = createProgress(options);
  try {
    const specification = parseSpecification(text, process.cwd());
    const subject = await fetchSubject(specification, { cacheFolder: options.cache, onProgress: (message) => progress.say(message) });
    const run = async (guardText: string, mode: readonly string[]): Promise<StaticGuardRun> => {
      const { runtimes } = await discoverRuntimes();
      return runStaticGuard(await selectRuntime({ runtimes, wanted: options.python }), guardText, [...mode, ...rootsOf(subject)]);
    };
    let guardText = await staticGuardFor(subject, options, {});
    if (options.acceptPresent === true) {
      const present = JSON.parse((await run(guardText, ["--present"])).text) as Record<string, number>;
      guardText = await staticGuardFor(subject, options, present);
    }
    const result = options.check === true ? await run(guardText, []) : { text: guardText, code: ExitCode.clean };
    progress.end();
    await deliver(result.text, options.output);
    return result.code;
  } finally {
    progress.end();
  }
}

async function staticGuardFor(subject: Subject, options: GuardOptions, accepted: Readonly<Record<string, number>>): Promise<string> {
  const known = rules.map(({ metadata }) => metadata);
  const guardable = known.filter(({ guardedShape }) => guardedShape !== undefined).map(({ id }) => id);
  return renderStaticGuard({
    modules: subject.topLevelModules,
    rules: options.rules === undefined ? guardable : ruleIdsFor(options.rules),
    known,
    names: options.names ?? [],
    accepted,
    checker: await readStaticChecker(),
  });
}

function rootsOf({ importRoot, topLevelModules, root, files }: Subject): string[] {
  return topLevelModules.map((name) =>
    files.some((file) => join(root, file) === join(importRoot, `${name}.py`)) ? join(importRoot, `${name}.py`) : join(importRoot, name),
  );
}

function commaSeparated(text: string): string[] {
  return text.split(",").flatMap((each) => each.trim() || []);
}
