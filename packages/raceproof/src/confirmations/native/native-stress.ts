// Real threads on a built extension, under a sanitizer. Enters: drivers with the hazards they may show, seconds. Leaves: the faults of every driver.
// First each hazard's likeliest driver, then others for what nothing has shown; at the end repeats and controls of those that failed.
import type { DriverText, Hazard, Runtime, StressControl } from "../../vocabulary/index.ts";
import { gilOff, isWrecked, runStressProcess, withBytecodeFolder } from "../runtimes/run-stress-process.ts";
import type { SanitizerSetting } from "../runtimes/sanitizer-setting.ts";
import { playedArm, type StressArm, type StressEnd } from "../stress/stress-messages.ts";
import { DriverAccount } from "./driver-account.ts";
import type { OwnCode } from "./extension-facts.ts";
import { type Fault, pairKey } from "./fold-faults.ts";
import type { NativeDriver } from "./native-drivers.ts";
import { faultsOf } from "./process-faults.ts";

export interface NativeStressSetting {
  readonly runtime: Runtime;
  readonly paths: readonly string[];
  readonly sanitizer: SanitizerSetting | undefined;
  readonly own: OwnCode;
  readonly workers: number;
  /** Of the clock performance.now(). */
  readonly until: number;
  readonly signal: AbortSignal | undefined;
  readonly match: (fault: Fault) => readonly Hazard[];
  readonly onProcess: (done: number, shown: number) => void;
}

const SECONDS_OF_ROUNDS = 1;
const KILL_AFTER = 25;
const SHARE_FOR_REPEATS = 0.3;
const REPEATS = 5;
const CONTROL_REPEATS = 2;
const MOST_WRECKS = 2;
/** So short that threads switch wherever they can. */
const SWITCH_INTERVAL = 1e-6;

export async function stressNatives(drivers: readonly NativeDriver[], setting: NativeStressSetting): Promise<DriverAccount[]> {
  return withBytecodeFolder(async (bytecodeFolder) => {
    const stress = new NativeStress(drivers, setting, bytecodeFolder);
    await stress.search();
    await stress.repeat();
    return stress.accounts;
  });
}

class NativeStress {
  readonly accounts: DriverAccount[] = [];
  readonly #setting: NativeStressSetting;
  readonly #bytecodeFolder: string;
  readonly #waiting: Set<NativeDriver>;
  /** How often a hazard's drivers ran. */
  readonly #tries = new Map<string, number>();
  readonly #shown = new Set<string>();
  #processes = 0;

  constructor(drivers: readonly NativeDriver[], setting: NativeStressSetting, bytecodeFolder: string) {
    this.#setting = setting;
    this.#bytecodeFolder = bytecodeFolder;
    this.#waiting = new Set(drivers);
  }

  async search(): Promise<void> {
    const { until } = this.#setting;
    const searchUntil = until - (until - performance.now()) * SHARE_FOR_REPEATS;
    await this.#inParallel(async () => {
      const driver = performance.now() < searchUntil ? this.#next() : undefined;
      if (driver === undefined) return false;
      const account = new DriverAccount(driver);
      this.accounts.push(account);
      await this.#race(account);
      return true;
    });
  }

  /** Of every distinct fault the driver that showed it first. */
  async repeat(): Promise<void> {
    const first = new Map<string, DriverAccount>();
    for (const account of this.accounts) for (const fault of account.faults) if (!first.has(pairKey(fault))) first.set(pairKey(fault), account);
    const tasks = [...new Set(first.values())].flatMap((account) => [
      ...Array.from({ length: REPEATS - 1 }, () => () => this.#race(account)),
      ...this.#controlsOf(account),
    ]);
    // A repeat of each before a second one of any.
    const rounds = Math.max(REPEATS - 1 + CONTROL_REPEATS * 3, 1);
    const ordered = Array.from({ length: rounds }).flatMap((_, round) => tasks.filter((__, index) => index % rounds === round));
    await this.#inParallel(async () => {
      const task = performance.now() < this.#setting.until ? ordered.shift() : undefined;
      await task?.();
      return task !== undefined;
    });
  }

  #controlsOf(account: DriverAccount): (() => Promise<void>)[] {
    const { driver, locked } = account.driver;
    const arms: [StressControl["arm"], DriverText][] = [
      ["one thread", driver],
      ["lock around", locked],
      ...(this.#setting.runtime.freeThreaded ? [["GIL on", driver] as [StressControl["arm"], DriverText]] : []),
    ];
    return arms.flatMap(([arm, text]) =>
      Array.from({ length: CONTROL_REPEATS }, () => async () => account.addControl(arm, faultsOf(await this.#run(text, arm), this.#setting.own))),
    );
  }

  async #race(account: DriverAccount): Promise<void> {
    for (const id of account.driver.hazards) this.#tries.set(id, (this.#tries.get(id) ?? 0) + 1);
    let end = await this.#run(account.driver.driver, "race");
    for (let again = 0; isWrecked(end) && again < MOST_WRECKS; again++) {
      account.wrecked += 1;
      end = await this.#run(account.driver.driver, "race");
    }
    if (end.reply?.ok === false) {
      account.refused = end.reply.error.message;
      return;
    }
    const faults = faultsOf(end, this.#setting.own);
    account.addRace(end, faults);
    for (const { id } of faults.flatMap((fault) => this.#setting.match(fault))) {
      account.hazards.add(id);
      this.#shown.add(id);
    }
    if (faults.length > 0) this.#setting.onProcess(this.#processes, this.#shown.size);
  }

  async #run(driver: DriverText, arm: StressArm): Promise<StressEnd> {
    const { runtime, paths, sanitizer, signal } = this.#setting;
    this.#processes += 1;
    const request = {
      paths,
      instrument: [],
      driver,
      arm: playedArm(arm),
      seconds: SECONDS_OF_ROUNDS,
      switchInterval: runtime.freeThreaded ? null : SWITCH_INTERVAL,
      killAfter: KILL_AFTER,
      library: sanitizer?.library ?? null,
    };
    const forceGil = arm === "GIL on";
    return runStressProcess(runtime, request, {
      hashSeed: this.#processes,
      forceGil,
      bytecodeFolder: this.#bytecodeFolder,
      signal,
      sanitizer: { ...(forceGil ? {} : gilOff(runtime)), ...sanitizer?.environment },
      under: sanitizer?.under,
    });
  }

  /** What a call was given besides its receiver is easily forgotten when locks are added: every second driver is about that. */
  #next(): NativeDriver | undefined {
    const on = this.accounts.length % 2 === 0 ? "argument" : "receiver";
    return this.#nextOf((driver) => driver.on === on) ?? this.#nextOf(() => true);
  }

  /** The driver of most hazards that nothing has shown and few drivers were tried for. */
  #nextOf(isWanted: (driver: NativeDriver) => boolean): NativeDriver | undefined {
    let best: NativeDriver | undefined;
    let most = 0;
    for (const driver of this.#waiting) {
      if (!isWanted(driver)) continue;
      const score = driver.hazards.reduce((sum, id) => sum + (this.#shown.has(id) ? 0.01 : 1) / (1 + (this.#tries.get(id) ?? 0)) ** 2, 0);
      if (score > most) [best, most] = [driver, score];
    }
    if (best !== undefined) this.#waiting.delete(best);
    return best;
  }

  async #inParallel(work: () => Promise<boolean>): Promise<void> {
    const { workers, signal } = this.#setting;
    const takeAll = async (): Promise<void> => {
      for (let isLeft = true; isLeft;) isLeft = signal?.aborted !== true && (await work());
    };
    await Promise.all(Array.from({ length: Math.max(1, workers) }, takeAll));
  }
}
