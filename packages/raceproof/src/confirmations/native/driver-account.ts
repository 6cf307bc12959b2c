// What became of the processes of one driver. Enters: how each ended, what its faults show. Leaves: counts of processes, faults, hazards.
import type { StressControl } from "../../vocabulary/index.ts";
import type { Fault } from "./fold-faults.ts";
import type { NativeDriver } from "./native-drivers.ts";
import type { StressEnd } from "../stress/stress-messages.ts";

export class DriverAccount {
  readonly driver: NativeDriver;
  /** Why it could not be played; nothing is counted then. */
  refused: string | undefined;
  /** Crashes that nothing tells the place of: they are played again, and not counted. */
  wrecked = 0;
  repeats = 0;
  /** Processes with a fault. */
  failing = 0;
  threads = 0;
  rounds = 0;
  /** Once for each process that showed it. */
  readonly faults: Fault[] = [];
  readonly hazards: Set<string> = new Set();
  readonly controls: Map<StressControl["arm"], { failing: number; repeats: number }> = new Map();

  constructor(driver: NativeDriver) {
    this.driver = driver;
  }

  addRace({ reply }: Pick<StressEnd, "reply">, faults: readonly Fault[]): void {
    this.repeats += 1;
    this.failing += faults.length === 0 ? 0 : 1;
    this.faults.push(...faults);
    if (reply?.ok !== true) return;
    this.threads = Math.max(this.threads, reply.threads);
    this.rounds += reply.rounds;
  }

  addControl(arm: StressControl["arm"], faults: readonly Fault[]): void {
    const tally = this.controls.get(arm) ?? { failing: 0, repeats: 0 };
    this.controls.set(arm, { failing: tally.failing + (faults.length === 0 ? 0 : 1), repeats: tally.repeats + 1 });
  }
}
