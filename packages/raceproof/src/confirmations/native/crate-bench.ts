// Probes of a crate in processes of their own. Enters: probes, the built module. Leaves: how each repeat and each control ended, and rows for reports.
// Equal probes of several hazards run once.
import type { Runtime, RuntimeRow, RustProgram, Severity, StressControl, StressFailure } from "../../vocabulary/index.ts";
import type { BuiltCrate } from "../runtimes/build-crate.ts";
import { runDisposableProcess } from "../runtimes/run-disposable-process.ts";
import type { ProcessEnd } from "../runtimes/run-disposable-process.ts";
import type { Choice } from "./choose-calls.ts";
import { endingOf } from "./crate-endings.ts";
import type { CrateEnding } from "./crate-endings.ts";
import type { CrateProbe } from "./crate-probes.ts";
import { ownFrameOf, readBacktrace } from "./native-backtrace.ts";

export interface CrateSetting {
  readonly program: RustProgram;
  readonly build: BuiltCrate;
  /** Folders with what the package needs to be imported. */
  readonly requirements: readonly string[];
  /** How objects are made and functions called, in this build. */
  readonly choice: Choice;
  readonly environment: Readonly<Record<string, string>>;
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

export const controlOf: Readonly<Record<CrateProbe["kind"], StressControl["arm"]>> = {
  collect: "no collection",
  cycles: "Python object",
  together: "one thread",
  borrow: "one thread",
  elsewhere: "same thread",
};

export interface ProbeAccount {
  readonly probe: CrateProbe;
  readonly endings: readonly CrateEnding[];
  readonly controls: readonly CrateEnding[];
}

/** What a probe may show of a hazard. Threads in one object that meet anything but a refusal to borrow it show something else. */
export function shows({ kind }: CrateEnding, severity: Severity, probe: CrateProbe["kind"]): boolean {
  if (probe === "borrow") return kind === "borrow";
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

export function describeProbe({ kind, make, call, calls }: CrateProbe): string {
  const objects = make.join(", ");
  switch (kind) {
    case "collect":
      return call === undefined
        ? `collect while ${objects} is alive`
        : `collect after a thread ran ${call}${objects === "" ? "" : ` while ${objects} is alive`}`;
    case "cycles":
      return `cycles through ${objects}${call === undefined ? "" : `, by ${call}`}`;
    case "together":
      return `${THREADS} threads in ${call ?? ""}${objects === "" ? "" : ` with r = ${objects}`}`;
    case "borrow":
      return `threads in ${calls.join(" and ")} with r = ${objects}`;
    case "elsewhere":
      return `${objects} is used by another thread`;
  }
}

export function describeEnding(ending: CrateEnding | undefined): string {
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
    case "borrow":
      return ending.message;
    case "refused":
      return `not run: ${ending.reason}`;
  }
}

export class CrateBench {
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
    const shown = endings.filter((ending) => shows(ending, severity, probe.kind));
    const [first] = shown;
    const crashed = first?.kind === "crash" ? await this.#failureOfCrash(probe, first.signal) : undefined;
    const failure = { ...(crashed ?? failureOf(first)), repeats: shown.length, workers: 0 };
    const failing = controls.filter((ending) => shows(ending, severity, probe.kind)).length;
    return {
      runtime: this.#setting.runtime.id,
      failing: shown.length,
      repeats: endings.length,
      ...(first?.kind === "crash" ? { signal: first.signal } : {}),
      note: describeProbe(probe),
      stress: {
        threads: threadsOf(probe),
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
    const { runtime, build, requirements, environment, signal } = this.#setting;
    const seconds = under.length > 0 ? HANG_SECONDS * 3 : HANG_SECONDS;
    return runDisposableProcess(runtime, {
      module: "raceproof_agent.extension_probe",
      request: { paths: [build.folder, ...requirements], modules: build.modules, arm, seconds, threads: THREADS, rounds: ROUNDS, ...probe },
      killAfter: seconds + KILL_SECONDS,
      hashSeed: 0,
      environment,
      memoryLimit: MEMORY_LIMIT,
      under,
      signal,
    });
  }

  /** Once more under a debugger, where there is one: which frames crashed. */
  async #failureOfCrash(probe: CrateProbe, signal: string): Promise<Pick<StressFailure, "kind" | "summary" | "traceback">> {
    const { stderr } = await this.#process(probe, "experiment", underDebugger);
    const frames = readBacktrace(stderr);
    const own = ownFrameOf(frames, this.#setting.build.modules);
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

function threadsOf({ kind, calls }: CrateProbe): number {
  return kind === "together" ? THREADS : kind === "borrow" ? calls.length * 2 : 1;
}

function failureOf(ending: CrateEnding | undefined): Pick<StressFailure, "kind" | "summary" | "traceback"> {
  const kind = ending?.kind === "hang" ? "timeout" : ending?.kind === "panic" ? "exception" : "outcome";
  const traceback = ending?.kind === "hang" ? ending.stack : [];
  return { kind, summary: describeEnding(ending), traceback };
}
