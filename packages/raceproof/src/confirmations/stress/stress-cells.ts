// The cells of a runtime matrix. Enters: runtimes. Leaves: each with the switch intervals worth trying and its control arms.
import type { Runtime, StressControl } from "../../vocabulary/index.ts";

export interface StressCell {
  readonly runtime: Runtime;
  /** Undefined where no GIL is handed over by time. */
  readonly switchInterval: number | undefined;
  readonly controls: readonly StressControl["arm"][];
}

/** The default of CPython, and one so short that threads switch wherever they can. */
const switchIntervals: readonly number[] = [0.005, 1e-6];

/** @param intervals switch intervals where there is a GIL */
export function stressCells(runtimes: readonly Runtime[], intervals: readonly number[] = switchIntervals): StressCell[] {
  return runtimes.flatMap((runtime): StressCell[] => {
    if (runtime.implementation === "pypy") return [{ runtime, switchInterval: undefined, controls: ["one thread", "other object"] }];
    if (runtime.freeThreaded) return [{ runtime, switchInterval: undefined, controls: ["one thread", "other object", "GIL on"] }];
    return intervals.map((switchInterval) => ({ runtime, switchInterval, controls: ["one thread", "other object"] }));
  });
}
