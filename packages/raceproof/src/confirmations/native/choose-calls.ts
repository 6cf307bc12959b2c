// Asks a built crate which candidates make its objects and call its functions. Enters: candidates, the build. Leaves: expressions by class and function.
// A candidate that ends the process is left out, and the rest is asked again.
import type { Runtime } from "../../vocabulary/index.ts";
import { runDisposableProcess } from "../runtimes/run-disposable-process.ts";
import type { CrateCandidates } from "./crate-candidates.ts";

export interface ChosenExpression {
  readonly text: string;
  /** The object passed for `o` is held by what was made or called. */
  readonly keeps: boolean;
  /** It ends with an exception that is not about its arguments, or does not end. */
  readonly raised: boolean;
}

/** Expressions by key of a class or function, plain ones first. */
export type ChosenCalls = ReadonlyMap<string, readonly ChosenExpression[]>;

export interface ChoiceSetting {
  readonly runtime: Runtime;
  /** For sys.path. */
  readonly paths: readonly string[];
  readonly modules: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface Choice {
  readonly chosen: ChosenCalls;
  /** Why nothing could be asked: the module cannot be imported. */
  readonly refused: string | undefined;
}

const PROBE_SECONDS = 90;
const MOST_FATAL = 12;
const MEMORY_LIMIT = 8 * 1024 ** 3;

interface ChoiceLine {
  readonly begin?: string;
  readonly key?: string;
  readonly text?: string;
  readonly chosen?: string;
  readonly expressions?: readonly ChosenExpression[];
  readonly done?: boolean;
  readonly refused?: string;
}

export async function chooseCalls(candidates: CrateCandidates, setting: ChoiceSetting): Promise<Choice> {
  const skipped: string[] = [];
  const chosen = new Map<string, readonly ChosenExpression[]>();
  while (skipped.length <= MOST_FATAL && setting.signal?.aborted !== true) {
    // A call that ends the process, or never returns, is a call: it may be just what a hazard is about. The others of its function are not tried.
    const calls = candidates.calls.filter(({ key }) => !chosen.has(key));
    const { lines, stderr } = await ask({ ...candidates, calls }, setting, skipped);
    for (const { chosen: key, expressions = [] } of lines) if (key !== undefined) chosen.set(key, expressions);
    const last = endOf(lines, stderr);
    if ("refused" in last) return { chosen, ...last };
    skipped.push(last.begin);
    if (calls.some(({ key }) => key === last.key)) chosen.set(last.key, [{ text: last.text, keeps: false, raised: true }]);
  }
  return { chosen, refused: undefined };
}

type Begun = Required<Pick<ChoiceLine, "begin" | "key" | "text">>;

/** The candidate that ended the process; else why there are no more. */
function endOf(lines: readonly ChoiceLine[], stderr: string): Begun | Pick<Choice, "refused"> {
  const last = lines.at(-1);
  if (last?.done === true || last?.refused !== undefined) return { refused: last.refused };
  const begun = lines.findLast((line): line is Begun => line.begin !== undefined);
  return begun ?? { refused: `the process ended at import: ${stderr.trim().split("\n").at(-1) ?? ""}` };
}

async function ask(
  candidates: CrateCandidates,
  { runtime, paths, modules, environment, signal }: ChoiceSetting,
  skipped: readonly string[],
): Promise<{ readonly lines: readonly ChoiceLine[]; readonly stderr: string }> {
  const { replies, stderr } = await runDisposableProcess(runtime, {
    module: "raceproof_agent.extension_calls",
    request: { paths, modules, ...candidates, skipped },
    killAfter: PROBE_SECONDS,
    hashSeed: 0,
    environment,
    memoryLimit: MEMORY_LIMIT,
    signal,
  });
  return { lines: replies.split("\n").flatMap((line): ChoiceLine[] => (line.endsWith("}") ? [JSON.parse(line) as ChoiceLine] : [])), stderr };
}
