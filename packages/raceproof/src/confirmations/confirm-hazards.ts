// Many hazards on one runtime, with a few agent processes at once. Enters: ranked hazards and where drivers come from.
// Leaves: a confirmation for each hazard, and failures that belong to none of them.
import type { Confirmation, Hazard, Notification, RuntimeRow, Witness } from "../vocabulary/index.ts";
import { confirmHazard } from "./confirm-hazard.ts";
import type { ConfirmationOptions, DriverSource } from "./confirmation-options.ts";
import { DriverScreens } from "./driver-screens.ts";
import { HazardAccount } from "./hazard-account.ts";
import { isFailureOf } from "./hazard-sites.ts";
import { replayElsewhere } from "./replay-elsewhere.ts";
import { launchAgentOf } from "./runtimes/launch-agent.ts";
import { type BroadSearches, type FoundFailure, identityOf, type ProvedFailure, Workbench } from "./workbench.ts";

export interface HazardConfirmations {
  /** By hazard id; every hazard has one. */
  readonly confirmations: ReadonlyMap<string, Confirmation>;
  /** Proved failures that are no hazard's: the audit missed something. */
  readonly unmatched: readonly Witness[];
  readonly notifications: readonly Notification[];
}

export interface ConfirmationProgress {
  readonly hazard: Hazard;
  readonly confirmation: Confirmation;
  readonly done: number;
  readonly total: number;
}

/** Proving one takes a fresh process; a few show that the audit missed something. */
const MOST_UNMATCHED = 5;

/** Never rejects for what the subject does. Order of work: the order of `hazards`. */
export async function confirmHazards(
  hazards: readonly Hazard[],
  driversFor: DriverSource,
  options: ConfirmationOptions,
  onProgress: (progress: ConfirmationProgress) => void,
): Promise<HazardConfirmations> {
  const run = new ConfirmationRun(hazards, driversFor, options, onProgress);
  return run.finish();
}

class ConfirmationRun {
  readonly #hazards: readonly Hazard[];
  readonly #driversFor: DriverSource;
  readonly #options: ConfirmationOptions;
  readonly #onProgress: (progress: ConfirmationProgress) => void;
  readonly #confirmations = new Map<string, Confirmation>();
  readonly #others: FoundFailure[] = [];
  readonly #broad: BroadSearches = new Map();
  readonly #screens = new DriverScreens();
  readonly #unmatched: Witness[] = [];

  constructor(hazards: readonly Hazard[], driversFor: DriverSource, options: ConfirmationOptions, onProgress: (progress: ConfirmationProgress) => void) {
    this.#hazards = hazards;
    this.#driversFor = driversFor;
    this.#options = options;
    this.#onProgress = onProgress;
  }

  async finish(): Promise<HazardConfirmations> {
    await this.#inParallel(this.#hazards, (hazard, bench) => this.#confirm(hazard, bench));
    const distinct = new Map(this.#others.map((found) => [identityOf(found), found]));
    await this.#inParallel([...distinct.values()], (found, bench) => this.#assign(found, bench));
    await this.#replayOnOthers();
    return { confirmations: this.#confirmations, unmatched: this.#unmatched, notifications: [] };
  }

  /** Workers take the next item in order; each has its own process, started when it first needs one. */
  async #inParallel<Item>(items: readonly Item[], work: (item: Item, bench: Workbench) => Promise<void>): Promise<void> {
    const queue = [...items];
    const takeAll = async (worker: number): Promise<void> => {
      const bench = new Workbench({ options: this.#options, launch: launchAgentOf(worker) }, this.#broad, this.#screens);
      try {
        for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item, bench);
      } finally {
        await bench.dispose();
      }
    };
    await Promise.all(Array.from({ length: Math.min(Math.max(1, this.#options.workers), items.length) }, (_, worker) => takeAll(worker)));
  }

  async #confirm(hazard: Hazard, bench: Workbench): Promise<void> {
    const confirmation = this.#isStopped() ? stoppedConfirmation() : await confirmHazard(hazard, await this.#driversFor(hazard), bench, this.#others);
    this.#confirmations.set(hazard.id, confirmation);
    this.#onProgress({ hazard, confirmation, done: this.#confirmations.size, total: this.#hazards.length });
  }

  /** Failures that one hazard's driver showed may be another hazard's. */
  async #assign(found: FoundFailure, bench: Workbench): Promise<void> {
    if (this.#isStopped()) return;
    const matching = this.#hazards.filter((hazard) => isFailureOf(hazard, found.evidence, found.sites, { kind: "other driver" }));
    const isUnmatched = matching.length === 0 && this.#unmatched.length < MOST_UNMATCHED;
    if (!isUnmatched && matching.every(({ id }) => this.#isConfirmed(id))) return;
    const proof = await found.prove(bench);
    if (proof.kind === "unsteady") return;
    if (isUnmatched) this.#unmatched.push(proof.witness);
    // Another worker may have confirmed some of them meanwhile.
    for (const { id } of matching) if (!this.#isConfirmed(id)) this.#confirmations.set(id, confirmedElsewhere(this.#confirmations.get(id), found, proof));
  }

  #isConfirmed(id: string): boolean {
    return this.#confirmations.get(id)?.verdict === "confirmed";
  }

  async #replayOnOthers(): Promise<void> {
    const { replayOn } = this.#options;
    const rows = new Map<string, ReadonlyMap<string, RuntimeRow>>();
    await this.#inParallel(replayOn, async (runtime, { setting }) => {
      rows.set(runtime.id, await replayElsewhere(this.#confirmations, { options: this.#options, runtime, launch: setting.launch }));
    });
    for (const [id, confirmation] of this.#confirmations) {
      const further = replayOn.flatMap((runtime) => rows.get(runtime.id)?.get(id) ?? []);
      this.#confirmations.set(id, { ...confirmation, runtimes: [...confirmation.runtimes, ...further] });
    }
  }

  #isStopped(): boolean {
    return this.#options.signal?.aborted === true;
  }
}

/** What was tried before stays in the account. */
function confirmedElsewhere(before: Confirmation | undefined, found: FoundFailure, { witness, row }: ProvedFailure): Confirmation {
  const account = new HazardAccount();
  account.addRungs(before?.rungs ?? []);
  for (const { name, result, end = "searched" } of before?.drivers ?? []) account.addDriver(name, result, end);
  account.addDriver(found.driver.name, `confirmed: ${witness.failure.summary}; the driver was written for another hazard`, "confirmed");
  return account.confirm(witness, row);
}

function stoppedConfirmation(): Confirmation {
  const account = new HazardAccount();
  account.addUndecided("it was stopped before its turn");
  return account.conclude();
}
