// `raceproof bisect`: a witness and a range of a repository's history in, the commit that brought or removed the race out.
import { resolve } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { bisectWitness } from "../bisect.ts";
import { discoverRuntimes, selectRuntime } from "../confirmations/index.ts";
import { renderBisection, renderBisectionJson } from "../reports/index.ts";
import { defaultCacheFolder, readHistory } from "../sources/index.ts";
import { UserError } from "../vocabulary/index.ts";
import type { Bisection } from "../vocabulary/index.ts";
import { ExitCode } from "./exit-codes.ts";
import { readWitness } from "./read-witness.ts";
import { positiveWholeNumber } from "./report-options.ts";
import { createProgress, deliver } from "./terminal.ts";

interface BisectOptions {
  readonly repo: string;
  readonly subdirectory: string | undefined;
  readonly python: string | undefined;
  readonly times: number;
  readonly search: boolean;
  readonly cache: string | undefined;
  readonly outputFormat: "terminal" | "json";
  readonly quiet: boolean | undefined;
}

export function addBisectCommand(program: Command, finish: (code: number) => void): void {
  program
    .command("bisect")
    .summary("find the commit that brought or removed a race")
    .description(
      "Runs a witness over the main line of a repository's history, halving the range. Revisions are exported into the cache folder; nothing is checked out. Where the plan " +
        "cannot be followed any more the witness's driver is searched, and what that cannot tell either is skipped. Exit 0: a commit is named. 1: both ends are the same. 3: neither.",
    )
    .argument("<witness>", "a witness file, or the one-line string rp2.…")
    .argument("<range>", "BASE..HEAD; HEAD may be left out")
    .option("--repo <repository>", "a local repository (bare or not), or its URL", ".")
    .option("--subdirectory <folder>", "folder inside the repository that holds the package")
    .option("--python <interpreter>", "path, id or version (default: the runtime the witness was found on, else the default choice)")
    .addOption(new Option("--times <count>", "replays per revision").argParser(positiveWholeNumber).default(20))
    .option("--no-search", "skip revisions at which the plan cannot be followed, instead of searching there")
    .option("--cache <folder>", "cache folder")
    .addOption(new Option("--output-format <format>", "how to print the result").choices(["terminal", "json"]).default("terminal"))
    .option("-q, --quiet", "no progress on standard error")
    .addHelpText("after", "\nExample:\n  raceproof bisect witness.json v1.2..main --repo ../package\n")
    .action(async (text: string, range: string, options: BisectOptions) => finish(await bisect(text, range, options)));
}

async function bisect(text: string, range: string, options: BisectOptions): Promise<number> {
  const progress = createProgress(options);
  const onProgress = (message: string): void => progress.say(message);
  try {
    const witness = await readWitness(text);
    const [, base, head] = /^(\S+?)\.\.([^.\s]\S*)?$/.exec(range) ?? [];
    if (base === undefined) throw new UserError(`"${range}" is no range of revisions`, "Write BASE..HEAD.");
    const { subdirectory } = options;
    const history = await readHistory({ repository: options.repo, base, head: head ?? "HEAD", subdirectory }, options.cache, onProgress);
    const { runtimes } = await discoverRuntimes();
    const found = runtimes.some(({ id }) => id === witness.runtime) ? witness.runtime : undefined;
    const runtime = await selectRuntime({ runtimes, wanted: options.python ?? found });
    onProgress(`${history.revisions.length} revisions, on ${runtime.id}`);
    const cacheFolder = resolve(options.cache ?? defaultCacheFolder(process.env));
    const whenStale = options.search ? "search" : "skip";
    const bisection = await bisectWitness({ witness, history, subdirectory, runtime, times: options.times, whenStale, cacheFolder, onProgress });
    progress.end();
    await deliver(options.outputFormat === "json" ? renderBisectionJson(bisection) : renderBisection(bisection), undefined);
    return exitCodeFor(bisection);
  } finally {
    progress.end();
  }
}

function exitCodeFor({ judged, change }: Bisection): number {
  if (change !== undefined) return change.before.state === "unknown" || change.after.state === "unknown" ? ExitCode.incomplete : ExitCode.clean;
  return judged[0]?.state === "unknown" ? ExitCode.incomplete : ExitCode.findings;
}
