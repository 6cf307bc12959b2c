// The rungs that sample: which strategies draw, in which order, from what. Enters: a driver, its switch points. Leaves: schedulers.
import type { PreparedDriver } from "./prepare-driver.ts";
import { partialOrderSampling } from "./schedulers/partial-order-sampling.ts";
import { priorityChange } from "./schedulers/priority-change.ts";
import type { Scheduler } from "./schedulers/scheduler.ts";
import { selectiveUniform, uniformWalk } from "./schedulers/selective-uniform.ts";

export interface DrawnRung {
  readonly strategy: string;
  /** Changes of priority. */
  readonly bound: number;
  readonly scheduler: Scheduler;
}

export interface Sample {
  readonly sites: readonly string[];
  /** Of each strategy. */
  readonly schedules: number;
  /** Switch points per thread. */
  readonly lengths: readonly number[];
  /** Only orders of the accesses at these sites. */
  readonly interesting: readonly string[] | undefined;
}

export async function drawnRungs(prepared: PreparedDriver, { sites, schedules, lengths, interesting }: Sample): Promise<DrawnRung[]> {
  if (interesting !== undefined) {
    const counts = await countAccesses(prepared, sites, new Set(interesting));
    return [{ strategy: "SURW", bound: 0, scheduler: selectiveUniform(schedules, interesting, counts) }];
  }
  return [
    { strategy: "PCT, depth 2,", bound: 1, scheduler: priorityChange(2, schedules, lengths) },
    { strategy: "PCT, depth 3,", bound: 2, scheduler: priorityChange(3, schedules, lengths) },
    { strategy: "POS", bound: 0, scheduler: partialOrderSampling(schedules) },
    { strategy: "URW", bound: 0, scheduler: uniformWalk(schedules, lengths) },
  ];
}

/** One trial run, as the paper does, with the threads one after the other. */
async function countAccesses({ player, steps }: PreparedDriver, sites: readonly string[], interesting: ReadonlySet<string>): Promise<number[]> {
  const { trace } = await player.name(
    sites,
    steps.map((_, thread) => [thread, null]),
  );
  return steps.map((_, thread) => trace.filter((event) => event.thread === thread && interesting.has(event.site)).length);
}
