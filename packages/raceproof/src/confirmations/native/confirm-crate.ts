// Hazards of a crate on its own build. Enters: the program, hazards, the built module. Leaves: a confirmation for each hazard.
// Every repeat and every control is a process of its own; equal probes of several hazards run once.
import type { Confirmation, Hazard, Runtime, RuntimeRow, RustProgram, Severity, StressControl, StressFailure } from "../../vocabulary/index.ts";
import type { BuiltCrate } from "../runtimes/build-crate.ts";
import { runDisposableProcess } from "../runtimes/run-disposable-process.ts";
import type { ProcessEnd } from "../runtimes/run-disposable-process.ts";
import { endingOf } from "./crate-endings.ts";
import type { CrateEnding } from "./crate-endings.ts";
import { probesFor } from "./crate-probes.ts";
import type { CrateProbe } from "./crate-probes.ts";
import { ownFrameOf, readBacktrace } from "./native-backtrace.ts";

export interface CrateSetting {
  readonly program: RustProgram;
  readonly build: BuiltCrate;
  readonly runtime: Runtime;
  /** Processes at once. */
  readonly workers: number;
  /** Of the clock performance.now(); undefined: to the end. */
  readonly until: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (message: string) => void;
}

const REPEATS = 10;
const HANG_SECONDS = 4;
const KILL_SECONDS = 15;
const MEMORY_LIMIT = 8 * 1024 ** 3;
const THREADS = 2;
const ROUNDS = 3;
const MOST_FRAMES = 16;
/** The interpreter's output goes where the debugger's does: stderr. */
const underDebugger = ["sh", "-c", 'exec gdb -q -nx -batch -ex run -ex "backtrace 40" --args "$@" 1>&2', "gdb"];

const controlOf: Readonly<Record<CrateProbe["kind"], StressControl["arm"]>> = { collect: "no collection", cycles: "Python object", together: "one thread" };

export async function confirmCrate(hazards: readonly Hazard[], setting: CrateSetting): Promise<ReadonlyMap<string, Confirmation>> {
  const bench = new CrateBench(setting);
  const confirmations = new Map<string, Confirmation>();
  for (const [index, hazard] of hazards.entries()) {
    setting.onProgress(`[${index + 1}/${hazards.length}] ${hazard.id} on its own build`);
    confirmations.set(hazard.id, await confirmOne(hazard, bench, setting));
  }
  return confirmations;
}

interface ProbeAccount {
  readonly probe: CrateProbe;
  readonly endings: readonly CrateEnding[];
  readonly controls: readonly CrateEnding[];
}

async function confirmOne(hazard: Hazard, bench: CrateBench, setting: CrateSetting): Promise<Confirmation> {
  const accounts: ProbeAccount[] = [];
  const probes = probesFor(setting.program, hazard);
  for (const probe of probes) {
    if (setting.signal?.aborted === true || (setting.until !== undefined && performance.now() > setting.until)) break;
    const account = await bench.account(probe);
    accounts.push(account);
    const shown = account.endings.filter((ending) => shows(ending, hazard.severity));
    const control = account.controls.filter((ending) => shows(ending, hazard.severity));
    // A call that never returns needs no second caller: then one thread hangs as well.
    if (shown.length > 0 && (control.length === 0 || probe.kind === "together")) return confirmed(hazard, account, await bench.row(account, hazard.severity));
  }
  return notConfirmed(accounts, setting.runtime, probes.length > 0);
}

function shows({ kind }: CrateEnding, severity: Severity): boolean {
  switch (severity) {
    case "crash":
    case "corruption":
      return kind === "crash" || kind === "panic";
    case "deadlock":
      return kind === "hang";
    case "leak":
      return kind === "leak";
    case "wrong-answer":
      return kind === "panic" || kind === "leak" || kind === "crash";
  }
}

function confirmed({ severity }: Hazard, { probe, controls }: ProbeAccount, row: RuntimeRow): Confirmation {
  const failing = controls.filter((ending) => shows(ending, severity)).length;
  const control = failing > 0 ? "one caller is enough" : `control (${controlOf[probe.kind]}): 0 of ${controls.length}`;
  return {
    ...nothingControlled,
    verdict: "confirmed",
    reason: `${row.stress?.failures[0]?.summary ?? "failed"} in ${row.failing} of ${row.repeats} processes; ${control}`,
    runtimes: [row],
    drivers: [{ name: describeProbe(probe), result: "confirmed", end: "confirmed" }],
  };
}

const nothingControlled: Pick<Confirmation, "rungs" | "uncontrolled"> = {
  rungs: [],
  uncontrolled: ["real threads and the real collector: nothing was controlled"],
};

function notConfirmed(accounts: readonly ProbeAccount[], { id }: Runtime, hasProbes: boolean): Confirmation {
  const ran = accounts.filter(({ endings }) => endings.some(({ kind }) => kind !== "refused"));
  const drivers = accounts.map(({ probe, endings }) => ({ name: describeProbe(probe), result: describeEnding(endings[0]) }));
  if (ran.length === 0) {
    const untried = hasProbes ? "not tried: the time was over" : "no object or call could be made from what the crate declares";
    const reason = accounts.length === 0 ? untried : "the probes could not be run";
    return { ...nothingControlled, verdict: "unproven", reason, runtimes: [], drivers };
  }
  const repeats = ran.reduce((sum, { endings }) => sum + endings.length, 0);
  const reason = `${repeats} processes with ${ran.length} probes showed nothing of it`;
  return { ...nothingControlled, verdict: "not-reproduced", reason, runtimes: [{ runtime: id, failing: 0, repeats }], drivers };
}

export function describeProbe({ kind, make, call }: CrateProbe): string {
  const objects = make.join(", ");
  switch (kind) {
    case "collect":
      return call === undefined
        ? `collect while ${objects} is alive`
        : `collect after a thread ran ${call}${objects === "" ? "" : ` while ${objects} is alive`}`;
    case "cycles":
      return `cycles through ${objects}`;
    case "together":
      return `${THREADS} threads in ${call ?? ""}${objects === "" ? "" : ` with r = ${objects}`}`;
  }
}

function describeEnding(ending: CrateEnding | undefined): string {
  switch (ending?.kind) {
    case undefined:
    case "survived":
      return "nothing happened";
    case "crash":
      return `${ending.signal} at ${ending.step}`;
    case "hang":
      return `no end at ${ending.step}`;
    case "panic":
    case "leak":
      return ending.message;
    case "refused":
      return `not run: ${ending.reason}`;
  }
}

class CrateBench {
  readonly #setting: CrateSetting;
  readonly #accounts = new Map<string, Promise<ProbeAccount>>();

  constructor(setting: CrateSetting) {
    this.#setting = setting;
  }

  account(probe: CrateProbe): Promise<ProbeAccount> {
    const key = JSON.stringify(probe);
    const known = this.#accounts.get(key) ?? this.#measure(probe);
    this.#accounts.set(key, known);
    return known;
  }

  async row({ probe, endings, controls }: ProbeAccount, severity: Severity): Promise<RuntimeRow> {
    const shown = endings.filter((ending) => shows(ending, severity));
    const [first] = shown;
    const crashed = first?.kind === "crash" ? await this.#failureOfCrash(probe, first.signal) : undefined;
    const failure = { ...(crashed ?? failureOf(first)), repeats: shown.length, workers: 0 };
    const failing = controls.filter((ending) => shows(ending, severity)).length;
    return {
      runtime: this.#setting.runtime.id,
      failing: shown.length,
      repeats: endings.length,
      ...(first?.kind === "crash" ? { signal: first.signal } : {}),
      note: describeProbe(probe),
      stress: {
        threads: probe.kind === "together" ? THREADS : 1,
        rounds: endings.length,
        failures: [failure],
        controls: [{ arm: controlOf[probe.kind], failing, repeats: controls.length }],
      },
    };
  }

  async #measure(probe: CrateProbe): Promise<ProbeAccount> {
    const [first] = await this.#inParallel(1, () => this.#run(probe, "experiment"));
    // A call that hangs says nothing about the collector, however often.
    const isOver = first === undefined || first.kind === "refused" || (first.kind === "hang" && probe.kind === "collect");
    if (isOver) return { probe, endings: first === undefined ? [] : [first], controls: [] };
    const endings = [first, ...(await this.#inParallel(REPEATS - 1, () => this.#run(probe, "experiment")))];
    const failed = endings.some(({ kind }) => kind !== "survived");
    return { probe, endings, controls: failed ? await this.#inParallel(REPEATS, () => this.#run(probe, "control")) : [] };
  }

  async #run(probe: CrateProbe, arm: "experiment" | "control"): Promise<CrateEnding> {
    return endingOf(await this.#process(probe, arm));
  }

  #process(probe: CrateProbe, arm: "experiment" | "control", under: readonly string[] = []): Promise<ProcessEnd> {
    const { runtime, build, signal } = this.#setting;
    const seconds = under.length > 0 ? HANG_SECONDS * 3 : HANG_SECONDS;
    return runDisposableProcess(runtime, {
      module: "raceproof_agent.extension_probe",
      request: { paths: [build.folder], module: build.module, arm, seconds, threads: THREADS, rounds: ROUNDS, ...probe },
      killAfter: seconds + KILL_SECONDS,
      hashSeed: 0,
      environment: {},
      memoryLimit: MEMORY_LIMIT,
      under,
      signal,
    });
  }

  /** Once more under a debugger, where there is one: which frames crashed. */
  async #failureOfCrash(probe: CrateProbe, signal: string): Promise<Pick<StressFailure, "kind" | "summary" | "traceback">> {
    const { stderr } = await this.#process(probe, "experiment", underDebugger);
    const frames = readBacktrace(stderr);
    const own = ownFrameOf(frames, this.#setting.build.module);
    const summary = own === undefined ? signal : `${signal}@${own.function}`;
    const traceback = frames.slice(0, MOST_FRAMES).toReversed();
    return { kind: "signal", summary, traceback: traceback.map((frame) => `${frame.place} ${frame.function}`.trim()) };
  }

  async #inParallel(count: number, work: () => Promise<CrateEnding>): Promise<CrateEnding[]> {
    const endings: CrateEnding[] = [];
    let left = count;
    const takeAll = async (): Promise<void> => {
      while (left-- > 0 && this.#setting.signal?.aborted !== true) endings.push(await work());
    };
    await Promise.all(Array.from({ length: Math.max(1, Math.min(this.#setting.workers, count)) }, takeAll));
    return endings;
  }
}

function failureOf(ending: CrateEnding | undefined): Pick<StressFailure, "kind" | "summary" | "traceback"> {
  const kind = ending?.kind === "hang" ? "timeout" : ending?.kind === "panic" ? "exception" : "outcome";
  const traceback = ending?.kind === "hang" ? ending.stack : [];
  return { kind, summary: describeEnding(ending), traceback };
}
