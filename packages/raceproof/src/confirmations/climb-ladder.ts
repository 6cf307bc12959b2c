// The ladder of a search: no preemption, then one, then two, over one set of switch points. Every rung keeps its own count.
// Source: Musuvathi and Qadeer, PLDI 2007: few preemptions suffice for most bugs, and an exhausted bound is a claim.
import type { SearchRung } from "../vocabulary/index.ts";
import type { PreparedDriver } from "./prepare-driver.ts";
import { preemptionBound } from "./schedulers/preemption-bound.ts";
import { type SearchEnd, type SearchLimits, type SearchSpace, searchSchedules } from "./search.ts";

export interface Ladder {
  readonly sites: readonly string[];
  /** Where the switch points come from, as the rung is named: "the hazard's accesses". */
  readonly over: string;
  /** Largest number of preemptions. */
  readonly bound: number;
  readonly onFailure: SearchSpace["onFailure"];
}

export interface Climb {
  readonly rungs: readonly SearchRung[];
  /** How the last rung ended. */
  readonly end: SearchEnd;
  readonly uncontrolled: number;
  /** Why some executions count neither as pass nor as failure. */
  readonly undecided: readonly string[];
  /** Largest number of switch points seen, per thread. */
  readonly lengths: readonly number[];
}

export async function climbLadder({ player, serial, steps }: PreparedDriver, ladder: Ladder, runtime: string, limits: SearchLimits): Promise<Climb> {
  const rungs: SearchRung[] = [];
  const undecided = new Set<string>();
  let uncontrolled = 0;
  let end: SearchEnd = { kind: "exhausted" };
  let lengths: readonly number[] = steps.map(() => 1);
  for (let bound = 0; bound <= ladder.bound && end.kind === "exhausted"; bound += 1) {
    const scheduler = preemptionBound(bound, lengths);
    const result = await searchSchedules(
      player,
      { sites: ladder.sites, scheduler, serial: serial.outcomes.map(({ id }) => id), steps, onFailure: ladder.onFailure },
      limits,
    );
    ({ end } = result);
    lengths = result.lengths.map((length, thread) => Math.max(length, lengths[thread] ?? 0));
    uncontrolled += result.uncontrolled;
    for (const reason of result.undecided) undecided.add(reason);
    rungs.push({ strategy: `preemption bound over ${ladder.over}`, bound, schedules: result.schedules, exhausted: end.kind === "exhausted", runtime });
  }
  return { rungs, end, uncontrolled, undecided: [...undecided], lengths };
}
