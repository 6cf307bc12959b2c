// Asks the built extension itself which calls its entry points take. Enters: a build, tables of entries. Leaves: calls as Python text, and those
// that ended the process although only one thread ran. A call that ends it is left out and the probe begins again.
import type { Runtime } from "../../vocabulary/index.ts";
import { type ProcessEnd, runDisposableProcess } from "../runtimes/run-disposable-process.ts";
import type { SanitizerSetting } from "../runtimes/sanitizer-setting.ts";
import { gilOff } from "../runtimes/run-stress-process.ts";
import { argumentForms, preludeOf, type ValueFlavor } from "./driver-texts.ts";
import type { ProbedEntries } from "./entry-tables.ts";

/** Where the extension was while a method of the caller's own values ran. */
export interface CallbackWindow {
  readonly callback: string;
  /** Library and offset in it, innermost first; null where stacks cannot be read. */
  readonly stack: readonly (readonly [string, number])[] | null;
}

export interface NativeCall {
  /** The entry point, in C. */
  readonly function: string;
  /** Text that makes an object to share. */
  readonly receiver: string;
  /** Text of the call: r is that object. */
  readonly expression: string;
  readonly raised: boolean;
  /** Methods of the caller's own values that ran meanwhile. */
  readonly callbacks: readonly string[];
  readonly windows: readonly CallbackWindow[];
  /** What puts things into the shared object, where it was empty. */
  readonly fill: string | null;
  /** By how much that object became longer. */
  readonly growth: number;
}

export interface FatalCall {
  readonly text: string;
  readonly end: ProcessEnd;
}

export interface ProbedCalls {
  readonly calls: readonly NativeCall[];
  readonly fatal: readonly FatalCall[];
  readonly refusals: readonly string[];
  /** Why there are none. */
  readonly refused: string | undefined;
}

export interface ProbeSetting {
  readonly runtime: Runtime;
  /** For sys.path. */
  readonly paths: readonly string[];
  readonly modules: readonly string[];
  readonly sanitizer: SanitizerSetting | undefined;
  readonly flavor: ValueFlavor;
  /** Calls known to be refused: they are not tried again. */
  readonly refusals?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

const PROBE_SECONDS = 120;
const MOST_FATAL = 8;
const MEMORY_LIMIT = 4 * 1024 ** 3;

interface ProbeLine {
  readonly begin?: string;
  readonly call?: NativeCall;
  /** The call begun before gave an object to go on with. */
  readonly made?: boolean;
  readonly done?: boolean;
  readonly refused?: string;
}

export async function probeCalls(entries: ProbedEntries, setting: ProbeSetting): Promise<ProbedCalls> {
  const fatal: FatalCall[] = [];
  const skipped = new Set(setting.refusals);
  for (;;) {
    const end = await runProbe(entries, setting, skipped);
    const lines = end.replies.split("\n").flatMap(readLine);
    for (const text of refusedIn(lines)) skipped.add(text);
    const found = { calls: distinct(lines.flatMap(({ call }) => call ?? [])), fatal, refusals: [...skipped] };
    const last: ProbeLine = lines.at(-1) ?? { refused: end.stderr.trim().split("\n").at(-1) ?? "" };
    const isEnded = last.done === true || last.refused !== undefined;
    if (!isEnded) fatal.push({ text: last.begin ?? "a call", end });
    if (isEnded || fatal.length >= MOST_FATAL || setting.signal?.aborted === true) return { ...found, refused: last.refused };
  }
}

function runProbe(entries: ProbedEntries, setting: ProbeSetting, skipped: ReadonlySet<string>): Promise<ProcessEnd> {
  const { runtime, paths, modules, sanitizer, flavor, signal } = setting;
  const prelude = preludeOf(flavor);
  return runDisposableProcess(runtime, {
    module: "raceproof_agent.native_probe",
    request: { paths, modules, ...entries, arguments: argumentForms, prelude, skipped: [...skipped], library: sanitizer?.library ?? null },
    killAfter: PROBE_SECONDS,
    hashSeed: 0,
    environment: { ...gilOff(runtime), ...sanitizer?.environment },
    memoryLimit: sanitizer === undefined ? MEMORY_LIMIT : undefined,
    under: sanitizer?.under ?? [],
    signal,
  });
}

/** Begun, and nothing came of it; trying them again takes time. */
function refusedIn(lines: readonly ProbeLine[]): string[] {
  return lines.flatMap(({ begin }, index) => (begin === undefined || lines[index + 1]?.made === true || lines[index + 1]?.call !== undefined ? [] : [begin]));
}

function readLine(text: string): ProbeLine[] {
  try {
    return text === "" ? [] : [JSON.parse(text) as ProbeLine];
  } catch {
    return [];
  }
}

function distinct(calls: readonly NativeCall[]): NativeCall[] {
  return [...new Map(calls.map((call) => [`${call.function} ${call.receiver} ${call.expression}`, call])).values()];
}
