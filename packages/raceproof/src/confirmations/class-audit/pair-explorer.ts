// Pairs of entry points in; for each what was played and the failures that are new to the class out. One tested process for all.
import type { DriverText, FailureSignature, Outcome } from "../../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "../agent-failure.ts";
import { type Climb, climbLadder } from "../climb-ladder.ts";
import { judgeDeath } from "../oracles/crash.ts";
import { prepareDriver, type PreparedDriver } from "../prepare-driver.ts";
import { catchFailure, type CaughtFailure, type Proof, proveCrash, type ProofSetting } from "../prove-failure.ts";
import { preemptionBound } from "../schedulers/preemption-bound.ts";
import { type FailingSchedule, now, type SearchEnd, type SearchLimits, type SearchResult, searchSchedules } from "../search.ts";
import type { Session } from "../session.ts";
import type { SwitchSite } from "../agent-messages.ts";
import { methodOf, type Pair } from "./choose-operations.ts";
import { driverOf, type InstanceState } from "./class-drivers.ts";

export interface PairFailure {
  readonly pair: Pair;
  readonly driver: DriverText;
  readonly outcome: Outcome;
  readonly signature: FailureSignature;
  readonly serial: readonly Outcome[];
  readonly sites: readonly SwitchSite[];
  /** undefined: like one that was caught before, so it was only counted. */
  readonly caught: CaughtFailure | undefined;
  /** A dead process is proved on the spot. */
  readonly proof: Proof | undefined;
}

export interface PairResult {
  readonly schedules: number;
  /** So many preemptions were tried at every conflicting access. */
  readonly bound: number;
  /** Its time was over before one preemption had been. */
  readonly isCut: boolean;
  readonly failures: readonly PairFailure[];
  /** Why nothing, or not everything, can be said of the pair. */
  readonly undecided: readonly string[];
}

export interface PairLimits {
  /** Most schedules with at most one preemption, and most with two, which are spread over their space. */
  readonly narrow: number;
  readonly wide: number;
  /** For all schedules of the pair. */
  readonly milliseconds: number;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/** Says whether a failure like this was caught already: then it need not be caught again. */
export type IsKnown = (pair: Pair, signature: FailureSignature, outcome: Outcome, serial: readonly Outcome[]) => boolean;

const MOST_CAUGHT = 3;
const MOST_SEEN = 40;
const WIDE_BOUND = 2;

function nothingSaid(reason: string): PairResult {
  return { schedules: 0, bound: 0, isCut: false, failures: [], undecided: [reason] };
}

export class PairExplorer {
  readonly #session: Session;
  readonly #setting: ProofSetting;
  readonly #isKnown: IsKnown;

  constructor(session: Session, setting: ProofSetting, isKnown: IsKnown) {
    this.#session = session;
    this.#setting = setting;
    this.#isKnown = isKnown;
  }

  async explore(pair: Pair, state: InstanceState, limits: PairLimits): Promise<PairResult> {
    const name = `${methodOf(pair.left)} against ${methodOf(pair.right)}`;
    const driver = driverOf(name, state, [pair.left.call, pair.right.call]);
    try {
      const preparation = await prepareDriver(this.#session, driver, "ends");
      if (preparation.kind !== "ready") return nothingSaid(preparation.reason);
      return await this.#search(pair, preparation.prepared, limits);
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error;
      return nothingSaid(describeAgentFailure(error.reason));
    }
  }

  async #search(pair: Pair, prepared: PreparedDriver, limits: PairLimits): Promise<PairResult> {
    const sites = prepared.sites.filter(({ conflict }) => conflict).map(({ key }) => key);
    if (sites.length === 0) return { schedules: 0, bound: WIDE_BOUND, isCut: false, failures: [], undecided: [] };
    const found = new PairSearch(pair, prepared, sites, this.#isKnown);
    const narrow = await climbLadder(
      prepared,
      { sites, over: "all conflicting accesses", lowest: 1, bound: 1, drawn: 0, onFailure: found.onFailure },
      "",
      searchLimits(limits, limits.narrow),
    );
    let schedules = narrow.rungs.reduce((sum, rung) => sum + rung.schedules, 0);
    const undecided = new Set([...narrow.undecided, ...found.unsteady]);
    if (narrow.end.kind === "died") await this.#takeCrash(found, narrow.end, undecided);
    let bound = Number(narrow.end.kind === "exhausted");
    const isCut = narrow.end.kind === "budget" && schedules < limits.narrow;
    if (bound === 1 && limits.wide > 0) {
      const wide = await searchWide(found, narrow, limits);
      schedules += wide.schedules;
      if (wide.end.kind === "exhausted") bound = WIDE_BOUND;
    }
    return { schedules, bound, isCut, failures: found.failures, undecided: [...undecided] };
  }

  async #takeCrash(found: PairSearch, { reason, schedule }: Extract<SearchEnd, { kind: "died" }>, undecided: Set<string>): Promise<void> {
    const judgment = judgeDeath(reason);
    if (judgment.kind === "undecided" || schedule === undefined) {
      undecided.add(describeAgentFailure(reason));
      return;
    }
    const { signature } = judgment;
    const proof = await proveCrash(this.#session, found.prepared.player.driver, { schedule, sites: found.sites, signature }, this.#setting);
    if (proof.kind === "unsteady") undecided.add(proof.reason);
    else found.add({ outcome: proof.witness.outcome, signature }, undefined, proof);
  }
}

/** Two preemptions: a sample that is spread over the whole space. */
function searchWide(found: PairSearch, { lengths }: Climb, limits: PairLimits): Promise<SearchResult> {
  const { serial, steps, player } = found.prepared;
  const space = {
    sites: found.sites,
    scheduler: preemptionBound(WIDE_BOUND, lengths),
    serial: [...serial.outcomes.map(({ id }) => id), ...found.seen],
    steps,
    onFailure: found.onFailure,
  };
  return searchSchedules(player, space, searchLimits(limits, limits.wide));
}

function searchLimits({ deadline, milliseconds, signal }: PairLimits, schedules: number): SearchLimits {
  return { schedules, deadline: Math.min(deadline, now() + milliseconds), signal };
}

class PairSearch {
  readonly failures: PairFailure[] = [];
  readonly unsteady = new Set<string>();
  readonly seen: string[] = [];
  readonly pair: Pair;
  readonly prepared: PreparedDriver;
  readonly sites: readonly string[];
  readonly #isKnown: IsKnown;
  #caught = 0;

  constructor(pair: Pair, prepared: PreparedDriver, sites: readonly string[], isKnown: IsKnown) {
    this.pair = pair;
    this.prepared = prepared;
    this.sites = sites;
    this.#isKnown = isKnown;
  }

  readonly onFailure = async (failing: FailingSchedule): Promise<"stop" | "go on"> => {
    this.seen.push(failing.outcome.id);
    const { serial } = this.prepared;
    const isKnown = this.#isKnown(this.pair, failing.signature, failing.outcome, serial.outcomes);
    if (isKnown || this.#caught >= MOST_CAUGHT) this.add(failing, undefined, undefined);
    else {
      const caught = await catchFailure(this.prepared, failing);
      if (caught === undefined) this.unsteady.add("a schedule failed once and then no more");
      else {
        this.#caught += 1;
        this.add(failing, caught, undefined);
      }
    }
    return this.seen.length < MOST_SEEN ? "go on" : "stop";
  };

  add(
    { outcome, signature }: { readonly outcome: Outcome; readonly signature: FailureSignature },
    caught: CaughtFailure | undefined,
    proof: Proof | undefined,
  ): void {
    const { player, serial, sites } = this.prepared;
    this.failures.push({ pair: this.pair, driver: player.driver, outcome, signature, serial: serial.outcomes, sites, caught, proof });
  }
}
