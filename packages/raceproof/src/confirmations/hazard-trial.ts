// One hazard on one runtime: its drivers in order, each first with few preemptions around the hazard's own accesses, then every one of them
// deeper and everywhere; in one turn or in several, so that slow hazards do not take the time of the others. Leaves: a confirmation.
import type { Confirmation, DriverText, Hazard } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { SwitchSite } from "./agent-messages.ts";
import type { Climb, Ladder } from "./climb-ladder.ts";
import { HazardAccount } from "./hazard-account.ts";
import { findHazardSites, isExercisedBy, isFailureOf, mayBeExercisedBy, pairsThroughCallees, type Provenance } from "./hazard-sites.ts";
import type { PreparedDriver } from "./prepare-driver.ts";
import { type FailingSchedule, now, type SearchLimits } from "./search.ts";
import { type BroadSearch, type FoundFailure, keyOfDriver, type ProvedFailure, type Workbench } from "./workbench.ts";

/** How much of a trial is done before other hazards have their turn. */
export interface TrialTurn {
  readonly seconds: number;
  /** Drivers looked at, drivers whose first schedules are played, and those that are searched to the end. */
  readonly mostScreened: number;
  readonly mostBegun: number;
  readonly mostSearched: number;
  /** Then drivers of other hazards are borrowed, and a verdict is given. */
  readonly isLast: boolean;
}

/** A turn's share of the time, and whom the driver was written for. */
interface Attempt extends SearchLimits {
  readonly provenance: Provenance;
}

interface AroundSearch {
  readonly climb: Climb;
  readonly proved: ProvedFailure | undefined;
}

/** A driver after its first few schedules, which proved nothing; `near` is undefined when it has no switch point at the hazard's accesses. */
interface Begun {
  readonly driver: DriverText;
  readonly provenance: Provenance;
  readonly near: Climb | undefined;
}

/** Until there is nothing left to try. */
export const wholeTrial = (seconds: number): TrialTurn => ({ seconds, mostScreened: Infinity, mostBegun: Infinity, mostSearched: Infinity, isLast: true });

/** Drivers whose schedules are played; preparing the others only tells what they reach. */
const MOST_SEARCHED = 12;
const MOST_SEARCHED_LATER = 3;
const MOST_BORROWED = 6;
/** Preemptions that are tried on every driver before more of them are tried on any: most of what can be shown needs one. */
const FIRST_BOUND = 1;
/** Schedules of one rung of a broad search. It is made once for all hazards, so nothing in it depends on the hazard that comes first. */
const MOST_BROAD = 500;
const LEAST_BROAD_SECONDS = 0.5;

/** Goes on in each turn where the last one stopped, on any workbench of the run. */
export class HazardTrial {
  readonly account: HazardAccount = new HazardAccount();
  /** Failures that turned up and were not this hazard's. */
  readonly others: FoundFailure[] = [];
  readonly #hazard: Hazard;
  readonly #drivers: readonly DriverText[];
  readonly #begun: Begun[] = [];
  /** They do not take threads through the suspect accesses: what they show is looked at in what is left of the time. */
  readonly #later: DriverText[] = [];
  #bench: Workbench;
  #screened = 0;
  #searched = 0;

  constructor(hazard: Hazard, drivers: readonly DriverText[], bench: Workbench) {
    this.#hazard = hazard;
    this.#drivers = drivers;
    this.#bench = bench;
  }

  /** Undefined: there is more to try. */
  async turn(bench: Workbench, turn: TrialTurn): Promise<Confirmation | undefined> {
    this.#bench = bench;
    const limits = bench.limits(turn.seconds);
    const proved = (await this.#tryOwn(turn, limits)) ?? (turn.isLast ? ((await this.#tryBorrowed(limits)) ?? (await this.#tryLater(limits))) : undefined);
    if (proved !== undefined) return this.account.confirm(proved.witness, proved.row);
    return turn.isLast ? this.conclude() : undefined;
  }

  /** With what was found out so far. */
  conclude(): Confirmation {
    this.#leaveBegun();
    return this.account.conclude();
  }

  get #isScreened(): boolean {
    return this.#screened >= this.#drivers.length || this.#searched >= MOST_SEARCHED;
  }

  #isOver({ deadline, signal }: SearchLimits): boolean {
    return signal?.aborted === true || this.#isSpent || now() >= deadline;
  }

  async #tryOwn({ mostScreened, mostBegun, mostSearched }: TrialTurn, limits: SearchLimits): Promise<ProvedFailure | undefined> {
    const [screened, searched] = [this.#screened + mostScreened, this.#searched + mostBegun];
    while (!this.#isScreened && this.#screened < screened && this.#searched < searched && !this.#isOver(limits)) {
      const driver = this.#drivers[this.#screened++] as DriverText;
      const exercised = await this.#screen(driver);
      if (exercised === "no") this.#later.push(driver);
      const proved = exercised === "yes" ? await this.#tryNear(driver, limits) : undefined;
      if (proved !== undefined) return proved;
    }
    return this.#tryDeeper(mostSearched, limits);
  }

  async #tryDriver(driver: DriverText, limits: SearchLimits, isOwn = true): Promise<ProvedFailure | undefined> {
    return (await this.#tryNear(driver, limits, isOwn)) ?? this.#tryDeeper(Infinity, limits);
  }

  /** One at least, however little time is left. */
  async #tryDeeper(most: number, limits: SearchLimits): Promise<ProvedFailure | undefined> {
    for (let done = 0; done < most && (done === 0 || !this.#isOver(limits)); done += 1) {
      const begun = this.#begun.shift();
      if (begun === undefined) return undefined;
      const proved = await this.#guarded(begun.driver, () => this.#searchDeeper(begun, limits));
      if (proved !== undefined) return proved;
    }
    return undefined;
  }

  async #tryBorrowed(limits: SearchLimits): Promise<ProvedFailure | undefined> {
    const own = new Set(this.#drivers.map(keyOfDriver));
    const borrowed = this.#bench.driversThrough(this.#hazard).filter((driver) => !own.has(keyOfDriver(driver)));
    for (const driver of borrowed.slice(0, MOST_BORROWED)) {
      if (this.#isOver(limits)) return undefined;
      const proved = await this.#tryDriver(driver, limits, false);
      if (proved !== undefined) return proved;
    }
    return undefined;
  }

  async #tryLater(limits: SearchLimits): Promise<ProvedFailure | undefined> {
    for (const [index, driver] of this.#later.entries()) {
      const proved = index < MOST_SEARCHED_LATER && !this.#isOver(limits) ? await this.#tryDriver(driver, limits) : await this.#passOver(driver);
      if (proved !== undefined) return proved;
    }
    return undefined;
  }

  get #isSpent(): boolean {
    return this.account.played >= this.#bench.setting.options.budget.schedulesPerHazard;
  }

  /** Whether threads meet at the suspect accesses; drivers that do not run are of no use for any hazard. */
  async #screen(driver: DriverText): Promise<"yes" | "no" | "discarded"> {
    const screening = await this.#bench.screen(driver);
    if (screening.kind === "runs") return mayBeExercisedBy(this.#hazard, screening.sites, driver.source) ? "yes" : "no";
    this.account.addDriver(driver.name, `discarded: ${screening.reason}`, "discarded");
    return "discarded";
  }

  /** It ran and was not searched. */
  async #passOver(driver: DriverText): Promise<undefined> {
    const screening = await this.#bench.screen(driver);
    const sites = screening.kind === "runs" ? findHazardSites(this.#hazard, screening.sites).own : [];
    const isReached = sites.length > 0;
    const found = isReached ? "the hazard's accesses do not conflict" : "does not reach the hazard's accesses";
    this.account.addDriver(driver.name, `${found}; not searched`, isReached ? "no-conflict" : "not-reached");
  }

  /** Their first schedules were all. */
  #leaveBegun(): void {
    for (const { driver } of this.#begun.splice(0)) {
      this.account.addUsable({ isClean: false, others: 0 });
      this.account.addDriver(driver.name, `nothing failed with up to ${FIRST_BOUND} preemption; not searched further`, "searched");
    }
  }

  async #guarded(driver: DriverText, work: () => Promise<ProvedFailure | undefined>): Promise<ProvedFailure | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error;
      return this.#lost(driver, describeAgentFailure(error.reason));
    }
  }

  #tryNear(driver: DriverText, limits: SearchLimits, isOwn = true): Promise<ProvedFailure | undefined> {
    const provenance: Provenance = isOwn ? { kind: "own driver", source: driver.source } : { kind: "other driver" };
    return this.#guarded(driver, async () => {
      const preparation = await this.#bench.prepare(driver);
      if (preparation.kind !== "ready") {
        if (preparation.kind === "unstable") this.account.addUndecided(preparation.reason);
        this.account.addDriver(driver.name, `${preparation.kind}: ${preparation.reason}`, preparation.kind);
        return undefined;
      }
      this.#searched += 1;
      const attempt = { ...limits, provenance };
      const bound = Math.min(FIRST_BOUND, this.#bench.setting.options.budget.bound);
      const isNear = findHazardSites(this.#hazard, preparation.prepared.sites).active.length > 0;
      const near = isNear ? await this.#climbAround(preparation.prepared, attempt, { bound }) : undefined;
      if (near?.proved !== undefined) return this.#confirmedBy(driver, near.proved);
      this.#begun.push({ driver, provenance, near: near?.climb });
      return undefined;
    });
  }

  async #searchDeeper({ driver, provenance, near }: Begun, limits: SearchLimits): Promise<ProvedFailure | undefined> {
    const { budget } = this.#bench.setting.options;
    const attempt = { ...limits, provenance };
    // The search everywhere comes out of the hazard's own time, too: a driver that is slow to set up must not take it once for each rung.
    const secondsLeft = Math.max(LEAST_BROAD_SECONDS, (attempt.deadline - now()) / 1000);
    const preparation = await this.#bench.prepare(driver);
    if (preparation.kind !== "ready") return this.#lost(driver, preparation.reason);
    const { prepared } = preparation;
    const around = near?.end.kind === "exhausted" ? await this.#searchAround(prepared, near, attempt) : undefined;
    if (around?.proved !== undefined) return this.#confirmedBy(driver, around.proved);
    const again = await this.#bench.prepare(driver);
    if (again.kind !== "ready") return this.#lost(driver, again.reason);
    const broad = await this.#bench.searchBroadly(again.prepared, this.#bench.limits(secondsLeft, Math.min(budget.schedulesPerRung, MOST_BROAD)));
    this.account.addClimb(broad.climb, driver);
    const proved = await this.#claim(broad.failures, attempt);
    if (proved !== undefined) return this.#confirmedBy(driver, proved);
    this.others.push(...broad.failures);
    this.#conclude(driver, { sites: prepared.sites, around: around?.climb ?? near, broad });
    return undefined;
  }

  /** Its process died or was stopped meanwhile. */
  #lost(driver: DriverText, reason: string): undefined {
    this.account.addUndecided(reason);
    this.account.addDriver(driver.name, reason, "failed");
  }

  async #climbAround(prepared: PreparedDriver, attempt: Attempt, rungs: Partial<Ladder> & Pick<Ladder, "bound">): Promise<AroundSearch> {
    let proved: ProvedFailure | undefined;
    const onFailure = async (failing: FailingSchedule): Promise<"stop" | "go on"> => {
      const found = await this.#bench.catch(prepared, failing);
      if (found === undefined) this.account.addUndecided("a schedule failed once and then no more");
      else proved = await this.#claim([found], attempt);
      return proved === undefined ? "go on" : "stop";
    };
    const { active } = findHazardSites(this.#hazard, prepared.sites);
    const ladder = { sites: active, over: "the hazard's accesses", drawn: 0, onFailure, ...rungs };
    const { climb, crash } = await this.#bench.climb(prepared, ladder, attempt);
    this.account.addClimb(climb, prepared.player.driver);
    proved ??= crash === undefined ? undefined : await this.#claim([crash], attempt);
    return { climb, proved };
  }

  /** What the first schedules left open. */
  async #searchAround(prepared: PreparedDriver, near: Climb, attempt: Attempt): Promise<AroundSearch> {
    const { bound, drawn } = this.#bench.setting.options.budget;
    const deeper = await this.#climbAround(prepared, attempt, { bound, lowest: FIRST_BOUND + 1, lengths: near.lengths });
    if (deeper.proved !== undefined || deeper.climb.end.kind !== "exhausted") return deeper;
    const { active } = findHazardSites(this.#hazard, prepared.sites);
    const sites = [...new Set([...prepared.sites.filter(({ conflict }) => conflict).map(({ key }) => key), ...active])];
    if (sites.length === active.length) return deeper;
    const { proved } = await this.#climbAround(prepared, attempt, { sites, bound: -1, drawn, interesting: active });
    return { climb: deeper.climb, proved };
  }

  /** The first failure that is this hazard's and can be proved. */
  async #claim(failures: readonly FoundFailure[], { provenance }: Attempt): Promise<ProvedFailure | undefined> {
    for (const found of failures) {
      if (!(await belongsTo(this.#hazard, found, this.#bench, provenance))) continue;
      const proof = await found.prove(this.#bench);
      if (proof.kind === "proved") {
        this.others.push({ ...found, isClaimed: true });
        return proof;
      }
      this.account.addUndecided(proof.reason);
    }
    return undefined;
  }

  #confirmedBy(driver: DriverText, proved: ProvedFailure): ProvedFailure {
    this.#leaveBegun();
    this.account.addDriver(driver.name, `confirmed: ${proved.witness.failure.summary}`, "confirmed");
    return proved;
  }

  #conclude(driver: DriverText, { sites, around, broad }: { sites: readonly SwitchSite[]; around: Climb | undefined; broad: BroadSearch }): void {
    const { own } = findHazardSites(this.#hazard, sites);
    const isExercised = isExercisedBy(this.#hazard, sites, driver.source);
    const isExhausted = around?.end.kind === "exhausted";
    const others = broad.failures.length;
    this.account.addUsable({ isClean: isExercised && isExhausted && others === 0, others });
    const found = others === 0 ? "nothing failed" : `${others} failures of other accesses`;
    if (own.length === 0) this.account.addDriver(driver.name, `does not reach the hazard's accesses; ${found}`, "not-reached");
    else if (!isExercised) this.account.addDriver(driver.name, `the hazard's accesses do not conflict; ${found}`, "no-conflict");
    else
      this.account.addDriver(
        driver.name,
        `${isExhausted && broad.climb.end.kind === "exhausted" ? "all schedules within the bound" : "not all schedules within the budget"}; ${found}`,
        "searched",
      );
  }
}

/** By what happened at its own accesses, or else because it needs the interruption of what callees do on its lines. */
async function belongsTo(hazard: Hazard, found: FoundFailure, bench: Workbench, provenance: Provenance): Promise<boolean> {
  const { evidence, sites } = found;
  return isFailureOf(hazard, evidence, sites, provenance) || found.needs(pairsThroughCallees(hazard, evidence, sites), bench);
}
