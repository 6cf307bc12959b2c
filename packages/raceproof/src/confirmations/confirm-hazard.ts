// One hazard on one runtime: its drivers in order, first around its own accesses, then everywhere. Leaves: a confirmation.
import type { Confirmation, DriverText, Hazard } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { SwitchSite } from "./agent-messages.ts";
import type { Climb, Ladder } from "./climb-ladder.ts";
import { HazardAccount } from "./hazard-account.ts";
import { findHazardSites, type HazardSites, isExercisedBy, isFailureOf, mayBeExercisedBy, pairsThroughCallees, type Provenance } from "./hazard-sites.ts";
import type { PreparedDriver } from "./prepare-driver.ts";
import { type FailingSchedule, now, type SearchLimits } from "./search.ts";
import type { BroadSearch, FoundFailure, ProvedFailure, Workbench } from "./workbench.ts";

/** Failures that turned up and were not this hazard's go to `others`. */
export async function confirmHazard(hazard: Hazard, drivers: readonly DriverText[], bench: Workbench, others: FoundFailure[]): Promise<Confirmation> {
  const { budget, signal } = bench.setting.options;
  const trial = new HazardTrial(hazard, bench, others);
  const limits = bench.limits(budget.secondsPerHazard);
  const proved = await tryDrivers(drivers, trial, { limits, signal });
  if (proved !== undefined) return trial.account.confirm(proved.witness, proved.row);
  return trial.account.conclude();
}

/** Those that take threads through the suspect accesses first; what the others show is looked at in what is left of the time. */
async function tryDrivers(
  drivers: readonly DriverText[],
  trial: HazardTrial,
  { limits, signal }: { readonly limits: SearchLimits; readonly signal: AbortSignal | undefined },
): Promise<ProvedFailure | undefined> {
  const isOver = (): boolean => signal?.aborted === true || trial.isSpent || now() >= limits.deadline;
  const later: DriverText[] = [];
  for (const driver of drivers) {
    if (isOver() || trial.searched >= MOST_SEARCHED) break;
    const exercised = await trial.screen(driver);
    if (exercised === "no") later.push(driver);
    const proved = exercised === "yes" ? await trial.tryDriver(driver, limits) : undefined;
    if (proved !== undefined) return proved;
  }
  for (const [index, driver] of later.entries()) {
    const proved = index < MOST_SEARCHED_LATER && !isOver() ? await trial.tryDriver(driver, limits) : await trial.passOver(driver);
    if (proved !== undefined) return proved;
  }
  return undefined;
}

/** Drivers whose schedules are played; preparing the others only tells what they reach. */
const MOST_SEARCHED = 12;
const MOST_SEARCHED_LATER = 3;
/** Schedules of one rung of a broad search. It is made once for all hazards, so nothing in it depends on the hazard that comes first. */
const MOST_BROAD = 500;
const LEAST_BROAD_SECONDS = 0.5;

class HazardTrial {
  readonly account = new HazardAccount();
  searched = 0;
  readonly #hazard: Hazard;
  readonly #bench: Workbench;
  readonly #others: FoundFailure[];

  constructor(hazard: Hazard, bench: Workbench, others: FoundFailure[]) {
    this.#hazard = hazard;
    this.#bench = bench;
    this.#others = others;
  }

  get isSpent(): boolean {
    return this.account.played >= this.#bench.setting.options.budget.schedulesPerHazard;
  }

  /** Whether threads meet at the suspect accesses; drivers that do not run are of no use for any hazard. */
  async screen(driver: DriverText): Promise<"yes" | "no" | "discarded"> {
    const screening = await this.#bench.screen(driver);
    if (screening.kind === "runs") return mayBeExercisedBy(this.#hazard, screening.sites, driver.source) ? "yes" : "no";
    this.account.addDriver(driver.name, `discarded: ${screening.reason}`, "discarded");
    return "discarded";
  }

  /** It ran and was not searched. */
  async passOver(driver: DriverText): Promise<undefined> {
    const screening = await this.#bench.screen(driver);
    const sites = screening.kind === "runs" ? findHazardSites(this.#hazard, screening.sites).own : [];
    const isReached = sites.length > 0;
    const found = isReached ? "the hazard's accesses do not conflict" : "does not reach the hazard's accesses";
    this.account.addDriver(driver.name, `${found}; not searched`, isReached ? "no-conflict" : "not-reached");
  }

  async tryDriver(driver: DriverText, limits: SearchLimits): Promise<ProvedFailure | undefined> {
    try {
      const preparation = await this.#bench.prepare(driver);
      if (preparation.kind !== "ready") {
        if (preparation.kind === "unstable") this.account.addUndecided(preparation.reason);
        this.account.addDriver(driver.name, `${preparation.kind}: ${preparation.reason}`, preparation.kind);
        return undefined;
      }
      this.searched += 1;
      return await this.#search(preparation.prepared, limits);
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error;
      return this.#lost(driver, describeAgentFailure(error.reason));
    }
  }

  async #search(prepared: PreparedDriver, limits: SearchLimits): Promise<ProvedFailure | undefined> {
    const { driver } = prepared.player;
    const { budget } = this.#bench.setting.options;
    const sites = findHazardSites(this.#hazard, prepared.sites);
    // The search everywhere comes out of the hazard's own time, too: a driver that is slow to set up must not take it once for each rung.
    const secondsLeft = Math.max(LEAST_BROAD_SECONDS, (limits.deadline - now()) / 1000);
    const around = sites.active.length > 0 ? await this.#searchAround(prepared, sites, limits) : undefined;
    if (around?.proved !== undefined) return this.#confirmedBy(driver, around.proved);
    const again = await this.#bench.prepare(driver);
    if (again.kind !== "ready") return this.#lost(driver, again.reason);
    const broad = await this.#bench.searchBroadly(again.prepared, this.#bench.limits(secondsLeft, Math.min(budget.schedulesPerRung, MOST_BROAD)));
    this.account.addClimb(broad.climb);
    const proved = await this.#claim(broad.failures);
    if (proved !== undefined) return this.#confirmedBy(driver, proved);
    this.#others.push(...broad.failures);
    this.#conclude(driver, { sites: prepared.sites, around: around?.climb, broad });
    return undefined;
  }

  /** Its process died or was stopped meanwhile. */
  #lost(driver: DriverText, reason: string): undefined {
    this.account.addUndecided(reason);
    this.account.addDriver(driver.name, reason, "failed");
  }

  async #searchAround(prepared: PreparedDriver, { active }: HazardSites, limits: SearchLimits): Promise<{ climb: Climb; proved: ProvedFailure | undefined }> {
    let proved: ProvedFailure | undefined;
    const onFailure = async (failing: FailingSchedule): Promise<"stop" | "go on"> => {
      const found = await this.#bench.catch(prepared, failing);
      if (found === undefined) this.account.addUndecided("a schedule failed once and then no more");
      else proved = await this.#claim([found]);
      return proved === undefined ? "go on" : "stop";
    };
    const { bound, drawn } = this.#bench.setting.options.budget;
    const over = "the hazard's accesses";
    const climbOn = async (ladder: Ladder): Promise<Climb> => {
      const { climb, crash } = await this.#bench.climb(prepared, ladder, limits);
      this.account.addClimb(climb);
      proved ??= crash === undefined ? undefined : await this.#claim([crash]);
      return climb;
    };
    const climb = await climbOn({ sites: active, over, bound, drawn: 0, onFailure });
    const conflicting = prepared.sites.filter(({ conflict }) => conflict).map(({ key }) => key);
    if (proved === undefined && climb.end.kind === "exhausted" && conflicting.length > active.length)
      await climbOn({ sites: [...new Set([...conflicting, ...active])], over, bound: -1, drawn, interesting: active, onFailure });
    return { climb, proved };
  }

  /** The first failure that is this hazard's and can be proved. */
  async #claim(failures: readonly FoundFailure[]): Promise<ProvedFailure | undefined> {
    for (const found of failures) {
      if (!(await belongsTo(this.#hazard, found, this.#bench, { kind: "own driver", source: found.driver.source }))) continue;
      const proof = await found.prove(this.#bench);
      if (proof.kind === "proved") {
        this.#others.push({ ...found, isClaimed: true });
        return proof;
      }
      this.account.addUndecided(proof.reason);
    }
    return undefined;
  }

  #confirmedBy(driver: DriverText, proved: ProvedFailure): ProvedFailure {
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
