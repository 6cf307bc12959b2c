// Where drivers are searched: one session, the driver that is open on it, and what broad searches of other drivers found already.
// Enters: drivers. Leaves: climbs and caught failures; it does not decide which hazard they belong to.
import type { DriverText, FailureSignature, Hazard, RuntimeRow, Witness } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { SwitchSite } from "./agent-messages.ts";
import { climbLadder, type Climb, type Ladder } from "./climb-ladder.ts";
import { DriverScreens, type Screening } from "./driver-screens.ts";
import { type FailureEvidence, findHazardSites, mayBeExercisedBy } from "./hazard-sites.ts";
import { type CaughtDriver, minimizeDriver } from "./minimize-driver.ts";
import { judgeDeath } from "./oracles/crash.ts";
import type { Player } from "./player.ts";
import { type InterruptedPair, needsInterruption } from "./needed-interruptions.ts";
import { prepareDriver, type Preparation, type PreparedDriver } from "./prepare-driver.ts";
import { catchFailure, type CaughtFailure, OTHER_HASH_SEED, type Proof, type ProofSetting, proveCrash, proveFailure } from "./prove-failure.ts";
import { type FailingSchedule, now, type SearchLimits } from "./search.ts";
import { Session } from "./session.ts";

/** A failure of a driver that may belong to any hazard. */
export interface FoundFailure {
  readonly driver: DriverText;
  readonly signature: FailureSignature;
  readonly sites: readonly SwitchSite[];
  readonly evidence: FailureEvidence;
  /** A hazard was confirmed by it; it may be that of others, too. */
  readonly isClaimed?: true;
  /** Whether it is gone when these pairs are not interrupted: one of them, each for itself. */
  readonly needs: (pairs: readonly InterruptedPair[], bench: Workbench) => Promise<boolean>;
  /** Proves it when first asked; later the same answer. */
  readonly prove: (bench: Workbench) => Promise<Proof>;
}

export interface BroadSearch {
  readonly climb: Climb;
  readonly failures: readonly FoundFailure[];
}

/** A driver explored once, whichever hazard it was written for. */
export type BroadSearches = Map<string, BroadSearch>;

const MOST_FAILURES_PER_DRIVER = 12;

export class Workbench {
  readonly setting: ProofSetting & { readonly other: Session };
  readonly #session: Session;
  readonly #broad: BroadSearches;
  #open: { readonly key: string; readonly preparation: Preparation } | undefined;

  readonly #screens: DriverScreens;

  /** `broad` and `screens` are shared by all workbenches of one run. */
  constructor(setting: ProofSetting, broad: BroadSearches, screens: DriverScreens = new DriverScreens()) {
    const { launch, options } = setting;
    // One process for all rechecks: it has imported the subject, and plays nothing but witnesses.
    this.setting = { ...setting, other: new Session(options.subject, options.runtime, { launch, hashSeed: OTHER_HASH_SEED, model: options.model }) };
    this.#broad = broad;
    this.#screens = screens;
    this.#session = new Session(setting.options.subject, setting.options.runtime, { launch: setting.launch, model: setting.options.model });
  }

  async dispose(): Promise<void> {
    this.#open = undefined;
    await Promise.all([this.#session.dispose(), this.setting.other.dispose()]);
  }

  /** Opened anew only when another driver was open or the process died. */
  async prepare(driver: DriverText): Promise<Preparation> {
    const key = keyOfDriver(driver);
    if (this.#open?.key === key && this.#session.isAlive) return this.#open.preparation;
    this.#open = undefined;
    const preparation = await prepareDriver(this.#session, driver);
    this.#open = { key, preparation };
    return preparation;
  }

  minimize(found: CaughtDriver): Promise<CaughtDriver> {
    const open = (driver: DriverText): Promise<Player> => {
      this.#open = undefined;
      return this.#session.open(driver);
    };
    return minimizeDriver(open, found);
  }

  /** What it reaches, without judging it. */
  async screen(driver: DriverText): Promise<Screening> {
    const key = keyOfDriver(driver);
    const known = this.#screens.get(key);
    if (known !== undefined) return known;
    this.#open = undefined;
    return this.#screens.screen(key, driver, this.#session);
  }

  /** Screened for any hazard, and of use for this one, too; those that were not searched yet first. */
  driversThrough(hazard: Hazard): DriverText[] {
    const drivers = this.#screens
      .through((site) => findHazardSites(hazard, [site]).own.length > 0)
      .filter((driver) => {
        const screening = this.#screens.get(keyOfDriver(driver));
        return screening?.kind === "runs" && mayBeExercisedBy(hazard, screening.sites, driver.source);
      });
    const isKnown = (driver: DriverText): number => Number(this.#broad.has(keyOfDriver(driver)));
    return drivers.toSorted((a, b) => isKnown(a) - isKnown(b));
  }

  limits(seconds: number, schedules: number = this.setting.options.budget.schedulesPerRung): SearchLimits {
    const { options } = this.setting;
    const deadline = Math.min(now() + seconds * 1000, options.searchUntil ?? Number.POSITIVE_INFINITY);
    return { schedules, deadline, signal: options.signal };
  }

  /** One ladder; a crash on the way is handed to `onFailure` of the caller as a proof. */
  async climb(prepared: PreparedDriver, ladder: Ladder, limits: SearchLimits): Promise<{ climb: Climb; crash: FoundFailure | undefined }> {
    const climb = await climbLadder(prepared, ladder, this.setting.options.runtime.id, limits);
    if (climb.end.kind !== "died") return { climb, crash: undefined };
    const { reason, schedule } = climb.end;
    const judgment = judgeDeath(reason);
    if (judgment.kind === "undecided" || schedule === undefined)
      return { climb: { ...climb, undecided: [...climb.undecided, describeAgentFailure(reason)] }, crash: undefined };
    this.#open = undefined;
    const { driver } = prepared.player;
    const proof = await proveCrash(this.#session, driver, { schedule, sites: ladder.sites, signature: judgment.signature }, this.setting);
    if (proof.kind === "unsteady") return { climb: { ...climb, undecided: [...climb.undecided, proof.reason] }, crash: undefined };
    const evidence: FailureEvidence = { plan: proof.witness.plan, trace: [], traceback: [] };
    return {
      climb,
      crash: {
        driver,
        signature: judgment.signature,
        sites: prepared.sites,
        evidence,
        needs: () => Promise.resolve(false),
        prove: () => Promise.resolve(proof),
      },
    };
  }

  /** Names and minimizes; undefined when it does not fail again. */
  async catch(prepared: PreparedDriver, failing: FailingSchedule): Promise<FoundFailure | undefined> {
    const caught = await catchFailure(prepared, failing);
    return caught === undefined ? undefined : foundFailure(prepared, caught);
  }

  /** Everything that fails within the bound when every conflicting access is a switch point. Explored once per driver text. */
  async searchBroadly(prepared: PreparedDriver, limits: SearchLimits): Promise<BroadSearch> {
    const key = keyOfDriver(prepared.player.driver);
    const known = this.#broad.get(key);
    if (known !== undefined) return known;
    const failures = new Map<string, FoundFailure>();
    const unsteady = new Set<string>();
    const sites = prepared.sites.filter(({ conflict }) => conflict).map((site) => site.key);
    const onFailure = async (failing: FailingSchedule): Promise<"stop" | "go on"> => {
      const found = await this.catch(prepared, failing);
      if (found === undefined) unsteady.add("a schedule failed once and then no more");
      else if (!failures.has(identityOf(found))) failures.set(identityOf(found), found);
      return failures.size < MOST_FAILURES_PER_DRIVER ? "go on" : "stop";
    };
    const { bound, drawn } = this.setting.options.budget;
    const { climb, crash } = await this.climb(prepared, { sites, over: "all conflicting accesses", bound, drawn, onFailure }, limits);
    if (crash !== undefined) failures.set(identityOf(crash), crash);
    const search: BroadSearch = { climb: { ...climb, undecided: [...climb.undecided, ...unsteady] }, failures: [...failures.values()] };
    this.#broad.set(key, search);
    return search;
  }
}

function foundFailure(prepared: PreparedDriver, caught: CaughtFailure): FoundFailure {
  const { driver } = prepared.player;
  let proof: Proof | undefined;
  const prove = async (bench: Workbench): Promise<Proof> => {
    proof ??= await proveWith(bench, driver, caught);
    return proof;
  };
  return {
    driver,
    sites: prepared.sites,
    signature: caught.signature,
    evidence: { plan: caught.plan, trace: caught.trace, traceback: caught.traceback },
    needs: (pairs, bench) => needsOneOf(bench, driver, { caught, pairs }),
    prove,
  };
}

async function needsOneOf(
  bench: Workbench,
  driver: DriverText,
  { caught, pairs }: { readonly caught: CaughtFailure; readonly pairs: readonly InterruptedPair[] },
): Promise<boolean> {
  try {
    const preparation = pairs.length === 0 ? undefined : await bench.prepare(driver);
    return preparation?.kind === "ready" && (await needsInterruption(preparation.prepared, caught, pairs));
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    return false;
  }
}

/** With the smallest driver that shows it; with the one that showed it when that is not steady. */
async function proveWith(bench: Workbench, driver: DriverText, caught: CaughtFailure): Promise<Proof> {
  const smaller = await bench.minimize({ driver, caught });
  const proof = await provePrepared(bench, smaller);
  return proof.kind === "proved" || smaller.driver === driver ? proof : provePrepared(bench, { driver, caught });
}

async function provePrepared(bench: Workbench, { driver, caught }: CaughtDriver): Promise<Proof> {
  try {
    const preparation = await bench.prepare(driver);
    if (preparation.kind !== "ready") return { kind: "unsteady", reason: preparation.reason };
    return await proveFailure(preparation.prepared, caught, bench.setting);
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    return { kind: "unsteady", reason: `while it was replayed, ${describeAgentFailure(error.reason)}` };
  }
}

/** A driver is what it does: the comment above its imports and its name do not count. */
export function keyOfDriver({ source }: DriverText): string {
  return source.replace(/^(?:#.*\n)+/, "");
}

/** Two failures that stop at the same places and fail in the same way are one, whichever driver, thread or round of a loop showed them. */
export function identityOf({ evidence, signature }: FoundFailure): string {
  return JSON.stringify([evidence.plan.flatMap(({ until }) => until?.site ?? []), signature]);
}

export type ProvedFailure = { readonly witness: Witness; readonly row: RuntimeRow };
