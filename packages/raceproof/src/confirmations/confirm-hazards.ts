// Many hazards on one runtime, with a few agent processes at once. Enters: ranked hazards and where drivers come from.
// Leaves: a confirmation for each hazard, each told as soon as it is known, and failures that belong to none of them.
import { type Confirmation, familyWords, type Hazard, type RuntimeFamily, type Witness } from "../vocabulary/index.ts";
import type { ConfirmationOptions, DriverSource } from "./confirmation-options.ts";
import { DriverScreens } from "./driver-screens.ts";
import { HazardAccount } from "./hazard-account.ts";
import { isFailureOf, pairsThroughCallees } from "./hazard-sites.ts";
import { HazardTrial, type TrialTurn, wholeTrial } from "./hazard-trial.ts";
import { replayElsewhere } from "./replay-elsewhere.ts";
import { launchAgentOf } from "./runtimes/launch-agent.ts";
import { now } from "./search.ts";
import { type BroadSearches, type FoundFailure, identityOf, type ProvedFailure, Workbench } from "./workbench.ts";

export interface HazardConfirmations {
  /** By hazard id; every hazard has one, unless the run is brief. */
  readonly confirmations: ReadonlyMap<string, Confirmation>;
  /** Proved failures that are no hazard's: the audit missed something. */
  readonly unmatched: readonly Witness[];
  /** Hazards that were not explored to the end, and why not, in one word; undefined when all were. */
  readonly cut: { readonly hazards: number; readonly reason: string } | undefined;
}

export interface ConfirmationProgress {
  readonly hazard: Hazard;
  readonly confirmation: Confirmation;
  readonly done: number;
  readonly total: number;
}

/** What an earlier run knew, and who is told what this one finds. */
export interface ConfirmationWatch {
  readonly onProgress: (progress: ConfirmationProgress) => void;
  /** By hazard id: these are not explored again. */
  readonly known?: ReadonlyMap<string, Confirmation>;
  readonly knownUnmatched?: readonly Witness[];
  /** Takes what will not be explored again, as soon as it is known; a later word on the same hazard is better than an earlier one. */
  readonly keep?: (id: string, confirmation: Confirmation) => void;
  readonly keepUnmatched?: (witness: Witness) => void;
}

/** For pairs that callees interrupt, a failure is played again on its driver, which must be opened for it: so many failures per hazard. */
const MOST_TRIED_PER_HAZARD = 12;

/** Proving one takes a fresh process; a few show that the audit missed something. */
/** Milliseconds for one failure and all hazards. */
const MOST_FOR_MATCHING = 1500;
const MOST_UNMATCHED = 5;

/** Most of what can be shown shows early: every hazard gets so much before any gets the rest of its trial. */
const FIRST_TURN = { mostScreened: 12, mostBegun: 6, mostSearched: 3, isLast: false };
/** Searches end by counted schedules where they can, so that runs agree; a hazard that takes several times its share of the time is cut. */
const SEVERAL_SHARES = 2;

/** Families that have switch points inside C code, or in Python code in its place, the likelier one first. */
const beyondAnyAccess = ["free-threaded", "pypy"] as const satisfies readonly RuntimeFamily[];
type BeyondAnyAccess = (typeof beyondAnyAccess)[number];

/** Never rejects for what the subject does. Order of work: the order of `hazards`. */
export async function confirmHazards(
  hazards: readonly Hazard[],
  driversFor: DriverSource,
  options: ConfirmationOptions,
  watch: ConfirmationWatch,
): Promise<HazardConfirmations> {
  const run = new ConfirmationRun(hazards, driversFor, options, watch);
  return run.finish();
}

/** What all workbenches of one model share. */
interface SharedSearches {
  readonly broad: BroadSearches;
  readonly screens: DriverScreens;
  readonly model: ConfirmationOptions["model"];
}

class ConfirmationRun {
  readonly #hazards: readonly Hazard[];
  readonly #driversFor: DriverSource;
  readonly #options: ConfirmationOptions;
  readonly #watch: ConfirmationWatch;
  readonly #confirmations: Map<string, Confirmation>;
  readonly #assigned = new Set<string>();
  readonly #tries = new Map<string, number>();
  readonly #broad: BroadSearches = new Map();
  readonly #screens = new DriverScreens();
  readonly #unmatched: Witness[];
  readonly #cut = new Map<string, string>();

  constructor(hazards: readonly Hazard[], driversFor: DriverSource, options: ConfirmationOptions, watch: ConfirmationWatch) {
    this.#hazards = hazards;
    this.#driversFor = driversFor;
    this.#options = options;
    this.#watch = watch;
    this.#confirmations = new Map(
      hazards.flatMap(({ id }) => {
        const known = watch.known?.get(id);
        return known === undefined ? [] : [[id, known] as const];
      }),
    );
    this.#unmatched = [...(watch.knownUnmatched ?? [])];
  }

  async finish(): Promise<HazardConfirmations> {
    const unknown = this.#hazards.filter(({ id }) => !this.#confirmations.has(id));
    const trials = new Map<string, HazardTrial>();
    const mostSeconds = this.#shareOf(unknown.length);
    await this.#inParallel(unknown, (hazard, bench) => this.#confirm(hazard, bench, { trials, turn: { ...FIRST_TURN, seconds: mostSeconds } }));
    const open = unknown.filter(({ id }) => trials.has(id));
    let left = open.length;
    const nextTurn = (seconds: number): TrialTurn => (this.#options.isBrief === true ? { ...FIRST_TURN, seconds } : wholeTrial(SEVERAL_SHARES * seconds));
    await this.#inParallel(open, (hazard, bench) => this.#confirm(hazard, bench, { trials, turn: nextTurn(this.#shareOf(left--)) }));
    if (this.#options.model === undefined) for (const model of beyondAnyAccess) await this.#tryUnder(model, unknown);
    await this.#replayOnOthers();
    const [reason] = this.#cut.values();
    return { confirmations: this.#confirmations, unmatched: this.#unmatched, cut: reason === undefined ? undefined : { hazards: this.#cut.size, reason } };
  }

  /** What is one step wherever Python code alone decides can only show under the model of a family where it is not. */
  async #tryUnder(model: BeyondAnyAccess, hazards: readonly Hazard[]): Promise<void> {
    const waiting = hazards.filter(({ id, reachableOn }) => !this.#isConfirmed(id) && firstBeyondAnyAccess(reachableOn) === model);
    const shared = { broad: new Map(), screens: new DriverScreens(), model };
    await this.#inParallel(waiting, (hazard, bench) => this.#confirmUnder(model, hazard, bench), shared);
  }

  async #confirmUnder(model: BeyondAnyAccess, hazard: Hazard, bench: Workbench): Promise<void> {
    const before = this.#confirmations.get(hazard.id);
    if (this.#whyStopped !== undefined || before === undefined) return;
    const found = await new HazardTrial(hazard, await this.#driversFor(hazard), bench).turn(bench, wholeTrial(this.#options.budget.secondsPerHazard));
    if (found === undefined) return;
    const reason = `under the model of ${familyWords[model]}: ${found.reason}`;
    this.#record(hazard.id, { ...found, reason, rungs: [...before.rungs, ...found.rungs] });
    this.#tell(hazard);
  }

  /** Workers take the next item in order; each has its own process, started when it first needs one. */
  async #inParallel<Item>(
    items: readonly Item[],
    work: (item: Item, bench: Workbench) => Promise<void>,
    shared: SharedSearches = { broad: this.#broad, screens: this.#screens, model: this.#options.model },
  ): Promise<void> {
    const queue = [...items];
    const takeAll = async (worker: number): Promise<void> => {
      const launch = launchAgentOf(worker, this.#options.signal);
      const bench = new Workbench({ options: { ...this.#options, model: shared.model }, launch }, shared.broad, shared.screens);
      try {
        for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item, bench);
      } finally {
        await bench.dispose();
      }
    };
    await Promise.all(Array.from({ length: Math.min(Math.max(1, this.#options.workers), items.length) }, (_, worker) => takeAll(worker)));
  }

  /** Nothing is said of a hazard that gets another turn. */
  async #confirm(hazard: Hazard, bench: Workbench, { trials, turn }: { readonly trials: Map<string, HazardTrial>; readonly turn: TrialTurn }): Promise<void> {
    const { id } = hazard;
    const trial = trials.get(id) ?? new HazardTrial(hazard, this.#isToBeTried(id) ? await this.#driversFor(hazard) : [], bench);
    if (this.#isToBeTried(id)) {
      const found = await trial.turn(bench, turn);
      if (found === undefined) trials.set(id, trial);
      else if (!this.#isConfirmed(id)) this.#conclude(id, found);
      for (const failure of trial.others.splice(0)) await this.#assign(failure, bench);
      if (found === undefined) return;
    } else if (!this.#isConfirmed(id)) this.#conclude(id, trial.conclude());
    this.#tell(hazard);
  }

  /** The driver of another hazard may have shown it meanwhile. */
  #isToBeTried(id: string): boolean {
    return !this.#isConfirmed(id) && this.#whyStopped === undefined;
  }

  /** Seconds for each of so many hazards, if all were to get the same. */
  #shareOf(hazards: number): number {
    const { searchUntil = Infinity, workers, budget } = this.#options;
    const left = (searchUntil - now()) / 1000;
    return Math.max(1, Math.min(budget.secondsPerHazard, (left * workers) / Math.max(1, hazards)));
  }

  #tell(hazard: Hazard): void {
    const confirmation = this.#confirmations.get(hazard.id) as Confirmation;
    this.#watch.onProgress({ hazard, confirmation, done: this.#confirmations.size, total: this.#hazards.length });
  }

  #conclude(id: string, found: Confirmation | undefined): void {
    const reason = found?.verdict === "confirmed" ? undefined : this.#whyStopped;
    if (reason !== undefined) this.#cut.set(id, reason);
    this.#record(id, reason === undefined && found !== undefined ? found : cutShort(found, reason ?? ""));
  }

  /** What was cut short is shown and explored again another time. */
  #record(id: string, confirmation: Confirmation): void {
    this.#confirmations.set(id, confirmation);
    if (confirmation.verdict === "confirmed") this.#cut.delete(id);
    if (!this.#cut.has(id)) this.#watch.keep?.(id, confirmation);
  }

  /** Failures that one hazard's driver showed may be other hazards', also of such whose turn has not come: they need no search of their own. */
  async #assign(found: FoundFailure, bench: Workbench): Promise<void> {
    const identity = identityOf(found);
    if (this.#assigned.has(identity) || this.#isAborted) return;
    this.#assigned.add(identity);
    const matching = await this.#matching(found, bench);
    const isUnmatched = matching.length === 0 && found.isClaimed !== true && this.#unmatched.length < MOST_UNMATCHED;
    if (!isUnmatched && matching.every(({ id }) => this.#isConfirmed(id))) return;
    const proof = await found.prove(bench);
    if (proof.kind === "unsteady") return;
    if (isUnmatched) {
      this.#unmatched.push(proof.witness);
      this.#watch.keepUnmatched?.(proof.witness);
    }
    // Another worker may have confirmed some of them meanwhile.
    for (const { id } of matching) if (!this.#isConfirmed(id)) this.#record(id, confirmedElsewhere(this.#confirmations.get(id), found, proof));
  }

  async #matching(found: FoundFailure, bench: Workbench): Promise<Hazard[]> {
    const matching: Hazard[] = [];
    const until = performance.now() + MOST_FOR_MATCHING;
    for (const hazard of this.#hazards) {
      const { evidence, sites } = found;
      const isSeen = isFailureOf(hazard, evidence, sites, { kind: "other driver" });
      // Whose accesses the failure needs is found out by replays: for those that still want a proof, while there is time.
      const isTried = !isSeen && !this.#isConfirmed(hazard.id) && performance.now() < until;
      if (isSeen || (isTried && (await this.#needsPairOf(hazard, found, bench)))) matching.push(hazard);
    }
    return matching;
  }

  async #needsPairOf(hazard: Hazard, found: FoundFailure, bench: Workbench): Promise<boolean> {
    const { id } = hazard;
    const tries = this.#tries.get(id) ?? 0;
    if (this.#isConfirmed(id) || tries >= MOST_TRIED_PER_HAZARD) return false;
    const pairs = pairsThroughCallees(hazard, found.evidence, found.sites);
    if (pairs.length === 0) return false;
    this.#tries.set(id, tries + 1);
    return found.needs(pairs, bench);
  }

  #isConfirmed(id: string): boolean {
    return this.#confirmations.get(id)?.verdict === "confirmed";
  }

  async #replayOnOthers(): Promise<void> {
    await this.#inParallel(this.#options.replayOn, async (runtime, { setting }) => {
      const waiting = new Map([...this.#confirmations].filter(([, { runtimes }]) => runtimes.every((row) => row.runtime !== runtime.id)));
      const rows = await replayElsewhere(waiting, { options: this.#options, runtime, launch: setting.launch });
      for (const [id, row] of rows) {
        const confirmation = this.#confirmations.get(id) as Confirmation;
        this.#record(id, { ...confirmation, runtimes: [...confirmation.runtimes, row] });
      }
    });
  }

  get #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  get #whyStopped(): string | undefined {
    const { signal, searchUntil } = this.#options;
    if (signal?.aborted === true) return String(signal.reason);
    return searchUntil !== undefined && now() >= searchUntil ? "budget" : undefined;
  }
}

function firstBeyondAnyAccess(reachableOn: Hazard["reachableOn"]): BeyondAnyAccess | undefined {
  if (reachableOn === undefined || reachableOn.includes("gil-3.9") || reachableOn.includes("gil")) return undefined;
  return beyondAnyAccess.find((family) => reachableOn.includes(family));
}

function confirmedElsewhere(before: Confirmation | undefined, found: FoundFailure, { witness, row }: ProvedFailure): Confirmation {
  const account = new HazardAccount();
  if (before !== undefined) account.addEarlier(before);
  account.addDriver(found.driver.name, `confirmed: ${witness.failure.summary}; the driver was written for another hazard`, "confirmed");
  return account.confirm(witness, row);
}

function cutShort(found: Confirmation | undefined, reason: string): Confirmation {
  if (found === undefined || found.drivers.length === 0)
    return { verdict: "unproven", reason: `not explored: ${reason}`, rungs: [], runtimes: [], uncontrolled: [], drivers: [] };
  return { ...found, reason: `not explored to the end: ${reason}; ${found.reason}` };
}
