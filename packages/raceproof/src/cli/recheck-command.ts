// `raceproof recheck`: witnesses and drivers in, how steady they are on every Python found out.
import { Option } from "commander";
import type { Command } from "commander";
import { discoverRuntimes, provideRequirements, recheckDrivers, recheckWitnesses, testedSubject } from "../confirmations/index.ts";
import { renderRecheckJson, renderRecheckMarkdown, renderRecheckTerminal, type RecheckResult } from "../reports/index.ts";
import { defaultCacheFolder } from "../sources/index.ts";
import { isSteady } from "../vocabulary/index.ts";
import type { RecheckRow, Runtime } from "../vocabulary/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { chooseRuntimes, expandFolders, loadReplayable, type Replayable } from "./replayable.ts";
import { positiveWholeNumber, wholeNumber } from "./report-options.ts";
import { createProgress, deliver } from "./terminal.ts";

interface RecheckOptions {
  readonly subject: string | undefined;
  readonly python: readonly string[] | undefined;
  readonly times: number;
  readonly hashSeeds: number;
  readonly cache: string | undefined;
  readonly outputFormat: "terminal" | "json" | "markdown";
  readonly output: string | undefined;
  readonly quiet: boolean | undefined;
}

const renderers = { terminal: renderRecheckTerminal, json: renderRecheckJson, markdown: renderRecheckMarkdown } as const;

export function addRecheckCommand(program: Command, finish: (code: number) => void): void {
  program
    .command("recheck")
    .summary("play witnesses and drivers again and again, everywhere: the same each time?")
    .description(
      "Replays each witness on every Python found, in two processes and under other hash seeds, and compares traces; plays a sample of each driver's schedules three times. " +
        "Exit 0: always the same. 1: not always.",
    )
    .argument("<witness-or-driver...>", "witness files, strings rp2.…, driver files (.py), or folders of them")
    .option("--subject <specification>", "what to run them against; needed for drivers, else the one the witness records")
    .option("--python <interpreter...>", "paths, ids or versions (default: all that the subject supports)")
    .addOption(new Option("--times <count>", "replays per witness and Python").argParser(positiveWholeNumber).default(200))
    .addOption(
      new Option("--hash-seeds <count>", "other hash seeds, each in a process of its own with a tenth of the replays").argParser(wholeNumber).default(20),
    )
    .option("--cache <folder>", "cache folder")
    .addOption(new Option("--output-format <format>", "how to print the result").choices(["terminal", "json", "markdown"]).default("terminal"))
    .option("-o, --output <file>", "write the result to a file instead of standard output")
    .option("-q, --quiet", "no progress on standard error")
    .addHelpText("after", "\nExample:\n  raceproof recheck raceproof-report-cachetools --times 20 --hash-seeds 3\n")
    .action(async (names: readonly string[], options: RecheckOptions) => finish(await recheckAll(names, options)));
}

async function recheckAll(names: readonly string[], options: RecheckOptions): Promise<number> {
  const progress = createProgress(options);
  const say = (message: string): void => progress.say(message);
  try {
    const { runtimes } = await discoverRuntimes();
    const groups = new Map<string, Replayable[]>();
    for (const name of await expandFolders(names)) {
      const replayable = await loadReplayable(name, options, say);
      const key = JSON.stringify([replayable.subject.root, instrumentedOf(replayable)]);
      groups.set(key, [...(groups.get(key) ?? []), replayable]);
    }
    const results: RecheckResult[] = [];
    for (const group of groups.values()) results.push(...(await recheckGroup(group, runtimes, { options, say })));
    progress.end();
    await deliver(renderers[options.outputFormat](results), options.output);
    return results.flatMap(({ rows }) => rows).every(isSteady) ? ExitCode.clean : ExitCode.findings;
  } finally {
    progress.end();
  }
}

/** Everything of one subject, runtime by runtime. */
async function recheckGroup(
  group: readonly Replayable[],
  found: readonly Runtime[],
  { options, say }: { readonly options: RecheckOptions; readonly say: (message: string) => void },
): Promise<readonly RecheckResult[]> {
  const [first] = group;
  if (first === undefined) return [];
  const rows = new Map(group.map((replayable): [Replayable, RecheckRow[]] => [replayable, []]));
  for (const runtime of await chooseRuntimes(found, options.python, first.subject)) {
    say(`${group.length} of ${first.subject.specification} on ${runtime.id}`);
    const { paths } = await provideRequirements(first.subject, runtime, options.cache ?? defaultCacheFolder(process.env));
    const subject = { ...testedSubject(first.subject, paths), instrument: instrumentedOf(first) };
    const setting = { subject, runtime, times: options.times, hashSeeds: options.hashSeeds };
    const [witnessed, others] = [group.filter(({ witness }) => witness !== undefined), group.filter(({ witness }) => witness === undefined)];
    const witnesses = witnessed.flatMap(({ witness }) => witness ?? []);
    for (const [index, row] of (await recheckWitnesses(witnesses, setting)).entries()) rows.get(witnessed[index] as Replayable)?.push(row);
    const drivers = others.map(({ driver }) => driver);
    for (const [index, row] of (await recheckDrivers(drivers, setting)).entries()) rows.get(others[index] as Replayable)?.push(row);
  }
  return group.map((replayable) => ({ name: replayable.driver.name, subject: first.subject.specification, rows: rows.get(replayable) ?? [] }));
}

function instrumentedOf({ witness, subject }: Replayable): readonly string[] {
  return witness?.instrument ?? subject.topLevelModules;
}
