// Plays the schedules of one scheduler in batches until one is bad, the space is exhausted, or the budget is spent.
// Enters: a player, switch points, a scheduler, limits. Leaves: what was played and how the search ended; failures on the way.
import type { FailureSignature, Outcome, PlayableSchedule } from "../vocabulary/index.ts";
import { AgentFailure, type AgentFailureReason } from "./agent-failure.ts";
import type { ActiveSites, ExploreReply } from "./agent-messages.ts";
import type { Player } from "./player.ts";
import type { Scheduler } from "./schedulers/scheduler.ts";

export interface SearchLimits {
  /** Most schedules. */
  readonly schedules: number;
  /** Milliseconds of the clock `now()`. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

export interface SearchSpace {
  readonly sites: ActiveSites;
  readonly scheduler: Scheduler;
  /** Ids of the outcomes that serial orders give. */
  readonly serial: readonly string[];
  /** Accesses per thread in a serial order; a thread that passes many times more is waiting in a loop. */
  readonly steps: readonly number[];
  /** Looks at a bad outcome; the player may be used meanwhile. Seen once per outcome. */
  readonly onFailure: (failure: FailingSchedule) => Promise<"stop" | "go on">;
}

export interface FailingSchedule {
  /** The switch points it counts. */
  readonly sites: ActiveSites;
  readonly schedule: PlayableSchedule;
  readonly outcome: Outcome;
  readonly signature: FailureSignature;
}

export type SearchEnd =
  | { readonly kind: "exhausted" }
  /** Schedules or seconds are used up. */
  | { readonly kind: "budget" }
  /** `onFailure` said so. */
  | { readonly kind: "stopped" }
  /** The tested process is gone. `schedule` is the culprit when it is known. */
  | { readonly kind: "died"; readonly reason: AgentFailureReason; readonly schedule: PlayableSchedule | undefined }
  /** Executions that do not end, again and again. */
  | { readonly kind: "stuck"; readonly reason: string };

export interface SearchResult {
  readonly end: SearchEnd;
  readonly schedules: number;
  /** Executions in which a thread had to be detached: they count neither as pass nor as failure. */
  readonly uncontrolled: number;
  readonly undecided: readonly string[];
  /** Largest number of switch points seen, per thread. */
  readonly lengths: readonly number[];
}

export function now(): number {
  return performance.now();
}

const FIRST_BATCH = 16;
const LARGEST_BATCH = 2000;
/** A batch should last about this long: long enough to hide the round trip, short enough to keep to a budget. */
const BATCH_MILLISECONDS = 400;
const MOST_MILLISECONDS = 10_000;
const MOST_STUCK = 2;
/** How much longer than known a thread may get before its stops are no longer followed. */
const GROWTH = { factor: 4, more: 50 };

export async function searchSchedules(player: Player, space: SearchSpace, limits: SearchLimits): Promise<SearchResult> {
  const search = new Search(player, space, limits);
  const end = await search.run();
  return { end, schedules: search.schedules, uncontrolled: search.uncontrolled, undecided: [...search.undecided], lengths: search.lengths };
}

class Search {
  schedules = 0;
  uncontrolled = 0;
  lengths: number[] = [];
  readonly undecided = new Set<string>();
  readonly #player: Player;
  readonly #space: SearchSpace;
  readonly #limits: SearchLimits;
  readonly #accepted: string[];
  #batchSize = FIRST_BATCH;
  #waiting: readonly PlayableSchedule[] = [];
  #stuck = 0;
  #isCut = false;

  constructor(player: Player, space: SearchSpace, limits: SearchLimits) {
    this.#player = player;
    this.#space = space;
    this.#limits = limits;
    this.#accepted = [...space.serial];
  }

  async run(): Promise<SearchEnd> {
    for (;;) {
      const isOver = this.#isOver();
      if (this.#waiting.length === 0 && !isOver) this.#waiting = this.#space.scheduler.next(Math.min(this.#batchSize, this.#schedulesLeft()));
      if (this.#waiting.length === 0)
        return this.#isCut || (isOver && this.#space.scheduler.size() > this.schedules) ? { kind: "budget" } : { kind: "exhausted" };
      if (isOver) return { kind: "budget" };
      const end = await this.#play(this.#waiting);
      if (end !== undefined) return end;
    }
  }

  #schedulesLeft(): number {
    return this.#limits.schedules - this.schedules;
  }

  #isOver(): boolean {
    return now() >= this.#limits.deadline || this.#limits.signal?.aborted === true || this.#schedulesLeft() <= 0;
  }

  async #play(batch: readonly PlayableSchedule[]): Promise<SearchEnd | undefined> {
    const began = now();
    let reply: ExploreReply;
    try {
      const milliseconds = Math.max(1, Math.min(MOST_MILLISECONDS, Math.round(this.#limits.deadline - began)));
      reply = await this.#player.explore({ sites: this.#space.sites, schedules: batch, accept: this.#accepted, milliseconds });
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error;
      const progress = "progress" in error.reason ? error.reason.progress : undefined;
      this.schedules += Math.min(batch.length, (progress ?? -1) + 1);
      return { kind: "died", reason: error.reason, schedule: progress === undefined ? undefined : batch[progress] };
    }
    this.#account(reply, now() - began);
    return this.#afterBatch(batch, reply);
  }

  #account(reply: ExploreReply, milliseconds: number): void {
    this.schedules += reply.runs;
    this.uncontrolled += reply.uncontrolled;
    reply.lengths.forEach((length, thread) => {
      const longest = (this.#space.steps[thread] ?? 0) * GROWTH.factor + GROWTH.more;
      this.#isCut ||= length > longest;
      this.lengths[thread] = Math.max(this.lengths[thread] ?? 0, Math.min(length, longest));
    });
    this.#space.scheduler.learn(this.lengths);
    const factor = Math.min(4, Math.max(0.25, BATCH_MILLISECONDS / Math.max(1, milliseconds)));
    this.#batchSize = Math.min(LARGEST_BATCH, Math.max(1, Math.round(this.#batchSize * factor)));
  }

  async #afterBatch(batch: readonly PlayableSchedule[], { first, runs }: ExploreReply): Promise<SearchEnd | undefined> {
    this.#waiting = batch.slice(first === null ? Math.max(1, runs) : first.index + 1);
    if (first === null) return undefined;
    const judgment = this.#player.judge(first.outcome);
    const schedule = batch[first.index];
    if (schedule === undefined) throw new Error(`the agent names schedule ${first.index} of ${batch.length}`);
    switch (judgment.kind) {
      case "failure": {
        this.#accepted.push(first.outcome);
        const outcome = this.#player.outcome(first.outcome);
        return (await this.#space.onFailure({ sites: this.#space.sites, schedule, outcome, signature: judgment.signature })) === "stop"
          ? { kind: "stopped" }
          : undefined;
      }
      case "undecided":
        this.undecided.add(judgment.reason);
        // Not accepted: executions that do not end are slow, and a few of them are enough.
        this.#stuck += 1;
        return this.#stuck < MOST_STUCK ? undefined : { kind: "stuck", reason: judgment.reason };
      case "relaxed":
        this.#accepted.push(first.outcome);
        return undefined;
      case "serial":
        return undefined;
    }
  }
}
