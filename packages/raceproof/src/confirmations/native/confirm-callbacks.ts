// The part of confirming an extension that is decided, not left to chance. Enters: hazards that the GIL does not prevent, calls with values that run
// Python. Leaves: confirmations with witnesses that replay on an ordinary interpreter.
// A hazard answers for what happens at its own place: only callbacks that run while the extension is there are stopped in.
import type { Confirmation, Hazard } from "../../vocabulary/index.ts";
import { confirmDriverOn } from "../confirm-driver.ts";
import type { ConfirmationOptions } from "../confirmation-options.ts";
import { launchAgentOf } from "../runtimes/launch-agent.ts";
import { Workbench } from "../workbench.ts";
import { resolveAddresses } from "../runtimes/resolve-addresses.ts";
import { callbackDrivers, type CallbackDriver } from "./callback-drivers.ts";
import { addressKey, windowTest } from "./callback-windows.ts";
import { probedEntries } from "./entry-tables.ts";
import type { ExtensionFacts } from "./extension-facts.ts";
import { EntryIndex } from "./hazard-entries.ts";
import { type NativeCall, probeCalls } from "./probe-calls.ts";
import type { NativeFrame } from "./sanitizer-report.ts";

export interface CallbackSetting {
  readonly facts: ExtensionFacts;
  readonly hazards: readonly Hazard[];
  /** Of the built extension. */
  readonly modules: readonly string[];
  readonly options: ConfirmationOptions;
  /** Calls known to be refused. */
  readonly refusals: readonly string[];
  /** Of the clock performance.now(). */
  readonly until: number;
  readonly onProgress: (message: string) => void;
}

/** One switch is what a callback offers; more only take time. */
const budget = { secondsPerHazard: 6, schedulesPerHazard: 60, schedulesPerRung: 40, bound: 1, drawn: 0, replays: 10 } as const;

/** By hazard id; only those that a driver was tried for. */
export async function confirmCallbacks(setting: CallbackSetting): Promise<ReadonlyMap<string, Confirmation>> {
  const { facts, modules, options, until, onProgress, refusals } = setting;
  const { signal, runtime, subject } = options;
  const hazards = setting.hazards.filter(({ reach }) => reach === "single-threaded");
  if (hazards.length === 0) return new Map();
  onProgress(`looking for calls that call back, on ${runtime.id}`);
  const probe = { runtime, paths: subject.importPaths, modules, sanitizer: undefined, flavor: "calling", refusals, signal } as const;
  const { calls } = await probeCalls(probedEntries(facts), probe);
  const index = new EntryIndex(facts);
  const isInside = windowTest(await framesOf(calls), facts.own);
  const driversOf = (hazard: Hazard): CallbackDriver[] =>
    callbackDrivers(calls, { entries: index.of(hazard), modules, isInside: (window) => isInside(window, hazard) });
  const tried = new Map<string, Confirmation>();
  const confirmations = new Map<string, Confirmation>();
  const isOver = (): boolean => signal?.aborted === true || performance.now() >= until;
  const queue = [...hazards];
  const takeAll = async (worker: number): Promise<void> => {
    const bench = new Workbench({ options: { ...options, budget }, launch: launchAgentOf(worker, signal) }, new Map());
    try {
      for (let hazard = queue.shift(); hazard !== undefined && !isOver(); hazard = queue.shift()) {
        const found = await tryDrivers(driversOf(hazard), { tried, isOver, bench });
        if (found !== undefined) confirmations.set(hazard.id, found);
        onProgress(`callbacks: ${found?.verdict ?? "no driver"}: ${hazard.id} ${hazard.function}`);
      }
    } finally {
      await bench.dispose();
    }
  };
  await Promise.all(Array.from({ length: options.workers }, (_, worker) => takeAll(worker)));
  return confirmations;
}

/** By addressKey. */
async function framesOf(calls: readonly NativeCall[]): Promise<ReadonlyMap<string, readonly NativeFrame[]>> {
  const offsets = new Map<string, Set<number>>();
  for (const { windows } of calls)
    for (const { stack } of windows) for (const [library, offset] of stack ?? []) offsets.set(library, (offsets.get(library) ?? new Set()).add(offset));
  const frames = new Map<string, readonly NativeFrame[]>();
  for (const [library, some] of offsets)
    for (const [offset, found] of await resolveAddresses(library, [...some])) frames.set(addressKey(library, offset), found);
  return frames;
}

interface Trials {
  /** By the text of a driver: several hazards have the same. */
  readonly tried: Map<string, Confirmation>;
  readonly isOver: () => boolean;
  readonly bench: Workbench;
}

/** The first that confirms, else what all of them said. */
async function tryDrivers(drivers: readonly CallbackDriver[], { tried, isOver, bench }: Trials): Promise<Confirmation | undefined> {
  const all: Confirmation[] = [];
  for (const { driver, isChanging } of drivers) {
    const known = tried.get(driver.source);
    if (known === undefined && isOver()) break;
    const found = known ?? (await confirmDriverOn(driver, bench));
    tried.set(driver.source, found);
    const isHalfSeen = isChanging && found.witness?.failure.kind === "outcome";
    if (found.witness !== undefined && !isHalfSeen) return { ...found, witness: { ...found.witness, extension: true } };
    all.push(isHalfSeen ? halfSeen(found) : found);
  }
  const last = all.at(-1);
  return last && { ...last, rungs: all.flatMap(({ rungs }) => rungs), drivers: all.flatMap((each) => each.drivers) };
}

function halfSeen({ witness: _, ...found }: Confirmation): Confirmation {
  const reason = "a thread that is interrupted by a change sees half of it; nothing worse was seen";
  return { ...found, verdict: "not-reproduced", reason, runtimes: [], drivers: found.drivers.map(({ name }) => ({ name, result: reason, end: "searched" })) };
}
