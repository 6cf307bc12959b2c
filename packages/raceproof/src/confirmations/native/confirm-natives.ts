// Hazards of an extension on its own build. Enters: its facts, its hazards, a build with a sanitizer. Leaves: a confirmation for each hazard,
// the distinct faults seen with the hazards they show, and those that no hazard explains.
import type { Confirmation, Hazard, NativeFault, Runtime, RuntimeRow, StressFailure } from "../../vocabulary/index.ts";
import type { ExtensionBuild } from "../runtimes/build-extension.ts";
import type { SanitizerSetting } from "../runtimes/sanitizer-setting.ts";
import { probedEntries } from "./entry-tables.ts";
import type { DriverAccount } from "./driver-account.ts";
import { describePair, type Fault, type FaultPair, foldFaults, pairKey } from "./fold-faults.ts";
import type { ExtensionFacts } from "./extension-facts.ts";
import { EntryIndex } from "./hazard-entries.ts";
import { matchFault } from "./match-faults.ts";
import { DriverPlan } from "./native-drivers.ts";
import { stressNatives } from "./native-stress.ts";
import { probeCalls } from "./probe-calls.ts";
import { faultsOf } from "./process-faults.ts";

export interface NativeConfirmationSetting {
  readonly facts: ExtensionFacts;
  readonly hazards: readonly Hazard[];
  readonly runtime: Runtime;
  readonly build: ExtensionBuild;
  /** Further folders for sys.path: what the subject requires. */
  readonly requirements: readonly string[];
  readonly sanitizer: SanitizerSetting | undefined;
  readonly workers: number;
  /** Of the clock performance.now(). */
  readonly until: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (message: string) => void;
}

export interface NativeConfirmations {
  readonly confirmations: ReadonlyMap<string, Confirmation>;
  readonly faults: readonly NativeFault[];
  /** Entry points, and those for which a call was found. */
  readonly entries: { readonly all: number; readonly called: number };
  /** Calls that the extension does not take. */
  readonly refusals: readonly string[];
  /** What kept it from running. */
  readonly remarks: readonly string[];
}

export async function confirmNatives(setting: NativeConfirmationSetting): Promise<NativeConfirmations> {
  const { facts, hazards, build, runtime, sanitizer, signal, onProgress } = setting;
  const paths = [build.folder, ...setting.requirements];
  const probed = probedEntries(facts);
  onProgress(`looking for calls of ${build.modules.join(", ")} on ${runtime.id}`);
  const { calls, fatal, refused, refusals } = await probeCalls(probed, { runtime, paths, modules: build.modules, sanitizer, flavor: "plain", signal });
  const all = new Set([...probed.tables.flatMap(({ entries }) => entries.map((entry) => entry.function)), ...Object.values(probed.functions)]);
  const entries = { all: all.size, called: new Set(calls.map((call) => call.function)).size };
  const remarks = refused === undefined ? [] : [`the built extension could not be used: ${refused}`];
  const index = new EntryIndex(facts);
  const interfering = new Map(hazards.map((hazard) => [hazard.id, index.within(index.of(hazard).opponents)]));
  const match = (fault: Fault): Hazard[] => matchFault(fault, hazards, ({ id }) => interfering.get(id) ?? new Set());
  const plan = new DriverPlan(calls, build.modules);
  const reached = new Set(hazards.filter((hazard) => plan.add(hazard, index.of(hazard))).map(({ id }) => id));
  const drivers = plan.drivers();
  onProgress(`${drivers.length} drivers for ${reached.size} of ${hazards.length} hazards in C`);
  const alone = fatal.flatMap(({ text, end }) => faultsOf(end, facts.own).map((fault): LoneFault => ({ text, fault })));
  const accounts = await stressNatives(drivers, {
    ...setting,
    own: facts.own,
    paths,
    match,
    onProcess: (done, shown) => onProgress(`${done} processes, ${shown} of ${hazards.length} hazards in C shown`),
  });
  const confirmed = (hazard: Hazard): Confirmation => {
    const lone = alone.find(({ fault }) => match(fault).some(({ id }) => id === hazard.id));
    return confirmationOf(hazard, { accounts, runtime, isReached: reached.has(hazard.id), lone });
  };
  return {
    confirmations: new Map(hazards.map((hazard) => [hazard.id, confirmed(hazard)])),
    faults: [...faultsWithThreads(accounts, match, runtime), ...faultsWithout(alone, match, runtime)],
    entries,
    refusals,
    remarks,
  };
}

/** A call that ended its process with one thread. */
interface LoneFault {
  readonly text: string;
  readonly fault: Fault;
}

function faultsWithThreads(accounts: readonly DriverAccount[], match: (fault: Fault) => readonly Hazard[], runtime: Runtime): NativeFault[] {
  return foldFaults(accounts.flatMap(({ faults }) => faults)).map((pair) => {
    const showing = accounts.filter(({ faults }) => faults.some((fault) => pairKey(fault) === pairKey(pair)));
    return { ...toldOf(pair, match, runtime), threads: "many", repeats: showing.reduce((sum, { repeats }) => sum + repeats, 0) };
  });
}

function faultsWithout(alone: readonly LoneFault[], match: (fault: Fault) => readonly Hazard[], runtime: Runtime): NativeFault[] {
  return foldFaults(alone.map(({ fault }) => fault)).map((pair) => ({ ...toldOf(pair, match, runtime), threads: "one", repeats: pair.count }));
}

function toldOf(pair: FaultPair, match: (fault: Fault) => readonly Hazard[], runtime: Runtime): Omit<NativeFault, "threads" | "repeats"> {
  const { kind, use, other, count } = pair;
  return {
    kind,
    summary: describePair(pair),
    ...(use === undefined ? {} : { use }),
    ...(other === undefined ? {} : { other }),
    failing: count,
    runtime: runtime.id,
    hazards: match(pair).map(({ id }) => id),
  };
}

const realThreads = "real threads: nothing was controlled";
const forcedOff = "the extension does not declare that it runs without the GIL: it was switched off (PYTHON_GIL=0)";

interface HazardRun {
  readonly accounts: readonly DriverAccount[];
  readonly runtime: Runtime;
  readonly isReached: boolean;
  /** A call that shows it with one thread. */
  readonly lone: LoneFault | undefined;
}

function confirmationOf({ id, reach }: Hazard, { accounts, runtime, isReached, lone }: HazardRun): Confirmation {
  const own = accounts.filter(({ driver }) => driver.hazards.includes(id));
  const showing = accounts.filter((account) => account.hazards.has(id)).toSorted((a, b) => b.repeats - a.repeats)[0];
  const close = (verdict: Confirmation["verdict"], reason: string, runtimes: readonly RuntimeRow[]): Confirmation => ({
    verdict,
    reason,
    rungs: [],
    runtimes,
    uncontrolled: reach === "latent" && runtime.freeThreaded ? [realThreads, forcedOff] : [realThreads],
    drivers: (showing === undefined ? [] : [showing]).map(({ driver }) => ({ name: driver.driver.name, result: reason, end: "confirmed" as const })),
  });
  if (showing !== undefined) {
    const row = rowOf(showing, runtime);
    const failure = row.stress?.failures[0]?.summary ?? "";
    const { driver, locked } = showing.driver;
    return {
      ...close("confirmed", `${failure}: ${row.failing} of ${row.repeats} processes`, [row]),
      workload: { driver, locked, failure, runtime: runtime.id },
    };
  }
  if (lone !== undefined) return close("confirmed", `with one thread, in ${lone.text}: ${describePair(lone.fault)}`, []);
  if (!isReached) return close("unproven", "no call was found that reaches it", []);
  return close(...unshown(own));
}

/** What became of a hazard's drivers when nothing showed it. */
function unshown(own: readonly DriverAccount[]): readonly ["unproven" | "not-reproduced", string, readonly RuntimeRow[]] {
  const processes = own.reduce((sum, { repeats }) => sum + repeats, 0);
  const wrecked = own.reduce((sum, account) => sum + account.wrecked, 0);
  const refused = own.find((account) => account.refused !== undefined)?.refused;
  if (wrecked > 0) return ["not-reproduced", `${processes + wrecked} processes: ${wrecked} crashed, so that nothing could say where`, []];
  if (processes > 0) return ["not-reproduced", `${processes} processes of ${own.length} drivers with real threads showed nothing of it`, []];
  return ["unproven", refused === undefined ? "not tried: the time was over" : `its drivers could not be played: ${refused}`, []];
}

/** The row of the one driver that was repeated: faults of the hazard among its processes. */
function rowOf(account: DriverAccount, runtime: Runtime): RuntimeRow {
  const failures = foldFaults(account.faults).map((pair): StressFailure => ({
    kind: "sanitizer",
    summary: describePair(pair),
    repeats: pair.count,
    workers: 0,
    traceback: pair.useStack.toReversed().map(({ file, line, function: name }) => `${file}:${line} ${name}`),
  }));
  return {
    runtime: runtime.id,
    failing: account.failing,
    repeats: account.repeats,
    stress: {
      threads: account.threads,
      rounds: account.rounds,
      failures,
      controls: [...account.controls].map(([arm, tally]) => ({ arm, ...tally })),
    },
  };
}
