// The ladder of a search over one set of switch points: no preemption, then one, then two; then, while nothing failed, every
// interleaving if the driver is small (a certificate), else samples of what is left. Every rung keeps its own count.
// Sources: Musuvathi and Qadeer, PLDI 2007: few preemptions suffice for most bugs, and an exhausted bound is a claim; the papers of
// the other strategies are named in schedulers/.
import type { Relaxation, SearchRung } from "../vocabulary/index.ts";
import { certifyDriver } from "./certify-driver.ts";
import type { PreparedDriver } from "./prepare-driver.ts";
import { drawnRungs } from "./drawn-rungs.ts";
import { preemptionBound } from "./schedulers/preemption-bound.ts";
import type { Scheduler } from "./schedulers/scheduler.ts";
import { now, type SearchEnd, type SearchLimits, type SearchResult, type SearchSpace, searchSchedules } from "./search.ts";

export interface Ladder {
  readonly sites: readonly string[];
  /** Where the switch points come from, as the rung is named: "the hazard's accesses". */
  readonly over: string;
  /** Largest number of preemptions; -1 to start with what comes after the bounds. */
  readonly bound: number;
  /** Smallest number; from 1 on, serial orders are not played again to count switch points: these are all conflicting accesses. */
  readonly lowest?: number;
  /** Switch points per thread, when a climb over the same sites has counted them. */
  readonly lengths?: readonly number[];
  readonly onFailure: SearchSpace["onFailure"];
  /** Schedules of each strategy that draws; 0 to end with the bounds. */
  readonly drawn: number;
  /** Draw orders of the accesses at these sites only, uniformly, and nothing else. */
  readonly interesting?: readonly string[];
}

export interface Climb {
  readonly rungs: readonly SearchRung[];
  /** How the bounds ended; or the rung that was stopped, died or got stuck. */
  readonly end: SearchEnd;
  readonly uncontrolled: number;
  /** Why some executions count neither as pass nor as failure. */
  readonly undecided: readonly string[];
  /** Largest number of switch points seen, per thread. */
  readonly lengths: readonly number[];
  /** By outcome id: benign because somebody declared it. */
  readonly relaxed: ReadonlyMap<string, Relaxation>;
}

export async function climbLadder(prepared: PreparedDriver, ladder: Ladder, runtime: string, limits: SearchLimits): Promise<Climb> {
  const ascent = new Ascent(prepared, ladder, runtime);
  await ascent.climbBounds(limits);
  if (ladder.drawn > 0 && ascent.maySearchOn && limits.signal?.aborted !== true) await ascent.climbBeyond(limits);
  return {
    rungs: ascent.rungs,
    end: ascent.end,
    uncontrolled: ascent.uncontrolled,
    undecided: [...ascent.undecided],
    lengths: ascent.lengths,
    relaxed: prepared.player.relaxed,
  };
}

class Ascent {
  readonly rungs: SearchRung[] = [];
  readonly undecided = new Set<string>();
  uncontrolled = 0;
  end: SearchEnd = { kind: "exhausted" };
  lengths: readonly number[];
  readonly #prepared: PreparedDriver;
  readonly #ladder: Ladder;
  readonly #runtime: string;
  readonly #onFailure: SearchSpace["onFailure"];
  #failures = 0;

  constructor(prepared: PreparedDriver, ladder: Ladder, runtime: string) {
    this.#prepared = prepared;
    this.#ladder = ladder;
    this.#runtime = runtime;
    this.lengths = ladder.lengths ?? ((ladder.lowest ?? 0) > 0 ? prepared.lengths : prepared.steps.map(() => 1));
    this.#onFailure = (failing) => {
      this.#failures += 1;
      return ladder.onFailure(failing);
    };
  }

  /** Nothing failed so far, and the process is there and does as it is told. */
  get maySearchOn(): boolean {
    return this.#failures === 0 && this.uncontrolled === 0 && (this.end.kind === "exhausted" || this.end.kind === "budget");
  }

  async climbBounds(limits: SearchLimits): Promise<void> {
    const { bound: highest, lowest = 0, over } = this.#ladder;
    for (let bound = lowest; bound <= highest && this.end.kind === "exhausted"; bound += 1) {
      const result = await this.#search(preemptionBound(bound, this.lengths), limits);
      this.end = result.end;
      const exhausted = this.end.kind === "exhausted";
      this.rungs.push({ strategy: `preemption bound over ${over}`, bound, schedules: result.schedules, exhausted, runtime: this.#runtime });
    }
  }

  async climbBeyond(limits: SearchLimits): Promise<void> {
    const { over, sites, drawn, interesting } = this.#ladder;
    if (interesting === undefined && (await this.#certify(limits))) return;
    for (const { strategy, bound, scheduler } of await drawnRungs(this.#prepared, { sites, schedules: drawn, lengths: this.lengths, interesting })) {
      if (!this.maySearchOn || now() >= limits.deadline) return;
      const { end, schedules } = await this.#search(scheduler, limits);
      if (end.kind !== "exhausted" && end.kind !== "budget") this.end = end;
      this.rungs.push({ strategy: `${strategy} over ${over}`, bound, search: "drawn", schedules, exhausted: false, runtime: this.#runtime });
    }
  }

  async #certify(limits: SearchLimits): Promise<boolean> {
    const attempt = await certifyDriver(this.#prepared, { sites: this.#ladder.sites, lengths: this.lengths, onFailure: this.#onFailure }, limits);
    if (attempt === undefined) return false;
    const { strategy, traces, isComplete } = attempt;
    if (attempt.end !== undefined) this.end = attempt.end;
    for (const reason of attempt.undecided) this.undecided.add(reason);
    this.rungs.push({ strategy, bound: 0, search: "certificate", schedules: traces, exhausted: isComplete, runtime: this.#runtime });
    return isComplete;
  }

  async #search(scheduler: Scheduler, limits: SearchLimits): Promise<SearchResult> {
    const { player, serial, steps } = this.#prepared;
    const space = { sites: this.#ladder.sites, scheduler, serial: serial.outcomes.map(({ id }) => id), steps, onFailure: this.#onFailure };
    const result = await searchSchedules(player, space, limits);
    this.lengths = Array.from({ length: Math.max(result.lengths.length, this.lengths.length) }, (_, thread) =>
      Math.max(result.lengths[thread] ?? 0, this.lengths[thread] ?? 0),
    );
    this.uncontrolled += result.uncontrolled;
    for (const reason of result.undecided) this.undecided.add(reason);
    return result;
  }
}
