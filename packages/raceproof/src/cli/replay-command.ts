// `raceproof replay`: a witness in, whether the same interleaving fails again out.
import { Option } from "commander";
import type { Command } from "commander";
import {
  discoverRuntimes,
  provideExtension,
  provideRequirements,
  type ReplayVerdict,
  replayWitness,
  selectRuntime,
  testedSubject,
  type WitnessReplay,
} from "../confirmations/index.ts";
import { explainInterleaving } from "../reports/index.ts";
import { defaultCacheFolder, fetchSubject, parseSpecification } from "../sources/index.ts";
import type { Witness } from "../vocabulary/index.ts";
import { readWitness, requireSameModules } from "./read-witness.ts";
import { ExitCode } from "./exit-codes.ts";
import { hashSeed, positiveWholeNumber } from "./report-options.ts";
import { createProgress, deliver, terminalWidth } from "./terminal.ts";

interface ReplayOptions {
  readonly python: string | undefined;
  readonly times: number;
  readonly hashSeed: number | undefined;
  readonly subject: string | undefined;
  readonly cache: string | undefined;
  readonly outputFormat: "terminal" | "json";
  readonly build: boolean | undefined;
  readonly quiet: boolean | undefined;
}

export function addReplayCommand(program: Command, finish: (code: number) => void): void {
  program
    .command("replay")
    .summary("run a witness again: the same interleaving, every time")
    .description(
      "Replays a witness in a fresh process and shows what each access read and wrote. Exit 0: passed (fixed?). 1: reproduced. 3: neither, because the plan is stale, was not reached, or something else went wrong.",
    )
    .argument("<witness>", "a witness file, or the one-line string rp2.…")
    .option("--python <interpreter>", "path, id or version (default: the runtime it was found on, else the default choice)")
    .addOption(new Option("--times <count>", "replays").argParser(positiveWholeNumber).default(200))
    .addOption(new Option("--hash-seed <seed>", "PYTHONHASHSEED of the process (default 0)").argParser(hashSeed))
    .option("--subject <specification>", "replay against this subject instead of the recorded one, e.g. a fixed checkout")
    .option("--build", "where the witness needs a compiled extension and there is no wheel of it: build it, which executes the subject's build")
    .option("--cache <folder>", "cache folder")
    .addOption(new Option("--output-format <format>", "how to print the result").choices(["terminal", "json"]).default("terminal"))
    .option("-q, --quiet", "no progress on standard error")
    .addHelpText("after", "\nExample:\n  raceproof replay raceproof-report-cachetools/witnesses/python-non-atomic-update-1a2b3c4d.json --python 3.13t\n")
    .action(async (text: string, options: ReplayOptions) => finish(await replay(text, options)));
}

async function replay(text: string, options: ReplayOptions): Promise<number> {
  const progress = createProgress(options);
  try {
    const witness = await readWitness(text);
    const specification = parseSpecification(options.subject ?? witness.subject, process.cwd());
    const subject = await fetchSubject(specification, { cacheFolder: options.cache, onProgress: (message) => progress.say(message) });
    requireSameModules(witness, subject);
    const { runtimes } = await discoverRuntimes();
    const found = runtimes.some((runtime) => runtime.id === witness.runtime) ? witness.runtime : undefined;
    const runtime = await selectRuntime({ runtimes, wanted: options.python ?? found, requiresPython: subject.requiresPython });
    progress.say(`replaying on ${runtime.id}`);
    const cacheFolder = options.cache ?? defaultCacheFolder(process.env);
    const requirements = await provideRequirements(subject, runtime, cacheFolder);
    const tested = testedSubject(subject, requirements.paths);
    const wish = { runtime, cacheFolder, mayBuild: options.build === true };
    const compiled = witness.extension === true ? [await provideExtension(subject, wish)] : [];
    const result = await replayWitness(witness, {
      subject: { ...tested, importPaths: [...compiled, ...tested.importPaths] },
      runtime,
      times: options.times,
      ...(options.hashSeed === undefined ? {} : { hashSeed: options.hashSeed }),
    });
    progress.end();
    const printed =
      options.outputFormat === "json" ? `${JSON.stringify({ runtime: runtime.id, ...result }, null, 2)}\n` : describe(witness, result, runtime.id);
    await deliver(printed, undefined);
    return exitCodeFor(result.verdict);
  } finally {
    progress.end();
  }
}

/** The interleaving as it was just now; as it was recorded when the plan could not be followed. */
function describe(witness: Witness, { verdict, reproduced, times, reason, seen }: WitnessReplay, runtime: string): string {
  const head = `${verdict}: ${reproduced} of ${times} replays on ${runtime} (${witness.failure.summary})`;
  return `${explainInterleaving({ ...witness, ...seen }, { width: terminalWidth() })}\n${head}\n${reason}\n`;
}

function exitCodeFor(verdict: ReplayVerdict): number {
  switch (verdict) {
    case "reproduced":
      return ExitCode.findings;
    case "passed":
      return ExitCode.clean;
    case "stale":
    case "not-reached":
    case "inconclusive":
      return ExitCode.incomplete;
  }
}
