// One driver under real threads on many runtimes. Enters: a driver, runtimes, a budget. Leaves: a row per runtime and switch interval.
// Repeats go round all cells, so that a budget that ends early leaves every cell with about as many.
import type { DriverText, Runtime, RuntimeRow } from "../../vocabulary/index.ts";
import { runStressProcess, type StressCircumstances, withBytecodeFolder } from "../runtimes/run-stress-process.ts";
import type { TestedSubject } from "../confirmation-options.ts";
import { CellAccount } from "./cell-account.ts";
import { judgeRepeat } from "./judge-repeat.ts";
import { stressCells } from "./stress-cells.ts";
import { playedArm, type StressArm, type StressEnd, type StressRequest } from "./stress-messages.ts";

export interface StressBudget {
  /** Processes per cell. */
  readonly repeats: number;
  /** Processes per cell and control arm. */
  readonly controlRepeats: number;
  /** Of rounds in one process. */
  readonly secondsPerRepeat: number;
  /** Wall seconds for everything. */
  readonly seconds: number;
}

export const defaultStressBudget: StressBudget = { repeats: 20, controlRepeats: 4, secondsPerRepeat: 1, seconds: 300 };

export interface StressSetting {
  /** A subject whose requirements are provided for this runtime. */
  readonly subjectFor: (runtime: Runtime) => Promise<TestedSubject>;
  readonly runtimes: readonly Runtime[];
  readonly budget: StressBudget;
  /** Seconds, where there is a GIL; otherwise the default and a very short one. */
  readonly switchIntervals?: readonly number[];
  readonly signal?: AbortSignal | undefined;
  readonly onRepeat?: (done: number, total: number) => void;
}

/** Threads that wait forever are told by the process itself, sooner; a whole interpreter that hangs costs this. Machines under load are slow. */
const PATIENCE_SECONDS = 300;

export type RunStress = typeof runStressProcess;

export async function stressDriver(driver: DriverText, setting: StressSetting, run: RunStress = runStressProcess): Promise<RuntimeRow[]> {
  return withBytecodeFolder((bytecodeFolder) =>
    fillCells(driver, setting, (runtime, request, circumstances) => run(runtime, request, { ...circumstances, bytecodeFolder })),
  );
}

type RunRepeat = (runtime: Runtime, request: StressRequest, circumstances: Omit<StressCircumstances, "bytecodeFolder">) => Promise<StressEnd>;

async function fillCells(driver: DriverText, setting: StressSetting, run: RunRepeat): Promise<RuntimeRow[]> {
  const { budget, signal, onRepeat } = setting;
  const deadline = performance.now() + budget.seconds * 1000;
  const accounts = stressCells(setting.runtimes, setting.switchIntervals).map((cell) => new CellAccount(cell));
  const isStopped = (): boolean => signal?.aborted === true;
  const subjects = new Map<string, Promise<TestedSubject>>();
  const tasks = planRepeats(accounts, budget);
  for (const [done, { account, arm, repeat }] of tasks.entries()) {
    if (isStopped() || performance.now() >= deadline) break;
    if (account.isUnusable) continue;
    const { runtime, switchInterval } = account.cell;
    const subject = subjects.get(runtime.id) ?? setting.subjectFor(runtime);
    subjects.set(runtime.id, subject);
    const { importPaths, instrument } = await subject;
    const request: StressRequest = {
      paths: importPaths,
      instrument,
      driver,
      arm: playedArm(arm),
      seconds: budget.secondsPerRepeat,
      switchInterval: switchInterval ?? null,
      killAfter: budget.secondsPerRepeat + PATIENCE_SECONDS,
    };
    const end = await run(runtime, request, { hashSeed: repeat + 1, forceGil: arm === "GIL on", signal });
    if (isStopped()) break;
    account.add(arm, judgeRepeat(end, importPaths));
    onRepeat?.(done + 1, tasks.length);
  }
  return accounts.map((account) => account.row());
}

interface Task {
  readonly account: CellAccount;
  readonly arm: StressArm;
  readonly repeat: number;
}

/** Control arms are spread over the repeats. */
function planRepeats(accounts: readonly CellAccount[], { repeats, controlRepeats }: StressBudget): Task[] {
  const every = controlRepeats === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(repeats / controlRepeats));
  return Array.from({ length: repeats }).flatMap((_, repeat) =>
    accounts.flatMap((account): Task[] => {
      const withControls = repeat % every === 0 && repeat / every < controlRepeats;
      const controls = withControls ? account.cell.controls.map((arm) => ({ account, arm, repeat })) : [];
      return [{ account, arm: "race", repeat }, ...controls];
    }),
  );
}
