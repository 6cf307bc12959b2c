// `raceproof stress`: a witness or driver under real threads, on every Python found. Rates in, no proof: see `confirm` and `replay` for that.
import { Option } from "commander";
import type { Command } from "commander";
import { defaultStressBudget, discoverRuntimes, provideRequirements, stressDriver, testedSubject } from "../confirmations/index.ts";
import { renderStressJson, renderStressMarkdown, renderStressTerminal, type StressResult } from "../reports/index.ts";
import { defaultCacheFolder } from "../sources/index.ts";
import type { Runtime, RuntimeRow } from "../vocabulary/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { chooseRuntimes, loadReplayable } from "./replayable.ts";
import { positiveNumber, positiveWholeNumber, wholeNumber } from "./report-options.ts";
import { createProgress, deliver } from "./terminal.ts";

interface StressOptions {
  readonly subject: string | undefined;
  readonly python: readonly string[] | undefined;
  readonly repeats: number;
  readonly controlRepeats: number;
  readonly secondsPerRepeat: number;
  readonly timeLimit: number;
  readonly cache: string | undefined;
  readonly outputFormat: "terminal" | "json" | "markdown";
  readonly output: string | undefined;
  readonly quiet: boolean | undefined;
}

export function addStressCommand(program: Command, finish: (code: number) => void): void {
  program
    .command("stress")
    .summary("real threads, not controlled, on every Python found")
    .description(
      "Runs witnesses or drivers in disposable processes and counts failing repeats: CPython with a GIL at two switch intervals, free-threaded CPython, PyPy. " +
        "Control arms run the same without the race. Exit 0: nothing failed. 1: something failed. 3: nothing could be run.",
    )
    .argument("<witness-or-driver...>", "witness files, strings rp2.…, or driver files (.py)")
    .option("--subject <specification>", "what to run them against; needed for drivers, else the one the witness records")
    .option("--python <interpreter...>", "paths, ids or versions (default: all that the subject supports)")
    .addOption(new Option("--repeats <count>", "processes per cell").argParser(positiveWholeNumber).default(defaultStressBudget.repeats))
    .addOption(new Option("--control-repeats <count>", "processes per cell and control arm").argParser(wholeNumber).default(defaultStressBudget.controlRepeats))
    .addOption(new Option("--seconds-per-repeat <seconds>", "of rounds in one process").argParser(positiveNumber).default(defaultStressBudget.secondsPerRepeat))
    .addOption(new Option("--time-limit <seconds>", "for one witness or driver").argParser(positiveNumber).default(defaultStressBudget.seconds))
    .option("--cache <folder>", "cache folder")
    .addOption(new Option("--output-format <format>", "how to print the result").choices(["terminal", "json", "markdown"]).default("terminal"))
    .option("-o, --output <file>", "write the result to a file instead of standard output")
    .option("-q, --quiet", "no progress on standard error")
    .addHelpText("after", "\nExample:\n  raceproof stress my_driver.py --subject cachetools==5.3.2 --python 3.13t --python 3.12\n")
    .action(async (names: readonly string[], options: StressOptions) => finish(await stressAll(names, options)));
}

async function stressAll(names: readonly string[], options: StressOptions): Promise<number> {
  const progress = createProgress(options);
  try {
    const found = (await discoverRuntimes()).runtimes;
    const results: StressResult[] = [];
    for (const name of names) results.push(await stressOne(name, options, { found, say: (message) => progress.say(message) }));
    progress.end();
    await deliver(renderers[options.outputFormat](results), options.output);
    return exitCodeFor(results.flatMap(({ rows }) => rows));
  } finally {
    progress.end();
  }
}

const renderers = { terminal: renderStressTerminal, json: renderStressJson, markdown: renderStressMarkdown } as const;

interface Surroundings {
  readonly found: readonly Runtime[];
  readonly say: (message: string) => void;
}

async function stressOne(name: string, options: StressOptions, { found, say }: Surroundings): Promise<StressResult> {
  const { driver, subject } = await loadReplayable(name, options, say);
  const cacheFolder = options.cache ?? defaultCacheFolder(process.env);
  const rows = await stressDriver(driver, {
    runtimes: await chooseRuntimes(found, options.python, subject),
    budget: {
      repeats: options.repeats,
      controlRepeats: options.controlRepeats,
      secondsPerRepeat: options.secondsPerRepeat,
      seconds: options.timeLimit,
    },
    subjectFor: async (runtime) => testedSubject(subject, (await provideRequirements(subject, runtime, cacheFolder)).paths),
    onRepeat: (done, total) => {
      if (done % 20 === 0 || done === total) say(`${driver.name}: ${done} of ${total} processes`);
    },
  });
  return { driver: driver.name, subject: subject.specification, rows };
}

/** A cell whose one-thread control fails says nothing about threads. */
function exitCodeFor(rows: readonly RuntimeRow[]): number {
  const sound = rows.filter(({ stress }) => !stress?.controls.some(({ arm, failing }) => arm === "one thread" && failing > 0));
  if (sound.some(({ failing }) => failing > 0)) return ExitCode.findings;
  return sound.some(({ repeats }) => repeats > 0) ? ExitCode.clean : ExitCode.incomplete;
}
