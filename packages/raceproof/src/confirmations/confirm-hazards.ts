// Many hazards on one runtime, with a few agent processes at once. Enters: ranked hazards and where drivers come from.
// Leaves: a confirmation for each hazard, and failures that belong to none of them.
import type { Confirmation, Hazard, Notification, Witness } from "../vocabulary/index.ts";
import { confirmHazard } from "./confirm-hazard.ts";
import type { ConfirmationOptions, DriverSource } from "./confirmation-options.ts";
import { HazardAccount } from "./hazard-account.ts";
import { isFailureOf } from "./hazard-sites.ts";
import { replayElsewhere } from "./replay-elsewhere.ts";
import { launchAgent } from "./runtimes/launch-agent.ts";
import type { LaunchAgent } from "./session.ts";
import { type BroadSearches, type FoundFailure, identityOf, Workbench } from "./workbench.ts";

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

const MOST_UNMATCHED = 20;

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
  readonly #launch: LaunchAgent = launchAgent;
  readonly #confirmations = new Map<string, Confirmation>();
  readonly #others: FoundFailure[] = [];
  readonly #broad: BroadSearches = new Map();
  #next = 0;

  constructor(hazards: readonly Hazard[], driversFor: DriverSource, options: ConfirmationOptions, onProgress: (progress: ConfirmationProgress) => void) {
    this.#hazards = hazards;
    this.#driversFor = driversFor;
    this.#options = options;
    this.#onProgress = onProgress;
  }

  async finish(): Promise<HazardConfirmations> {
    const workers = Math.max(1, Math.min(this.#options.workers, this.#hazards.length));
    await Promise.all(Array.from({ length: workers }, () => this.#work()));
    const unmatched = await this.#assignOthers();
    const { replayOn } = this.#options;
    for (const runtime of replayOn) await replayElsewhere(this.#confirmations, this.#options, runtime, this.#launch);
    return { confirmations: this.#confirmations, unmatched, notifications: [] };
  }

  #newBench(): Workbench {
    return new Workbench({ options: this.#options, launch: this.#launch }, this.#broad);
  }

  async #work(): Promise<void> {
    const bench = this.#newBench();
    try {
      for (let hazard = this.#hazards[this.#next++]; hazard !== undefined; hazard = this.#hazards[this.#next++]) {
        const confirmation = this.#options.signal?.aborted === true ? this.#stopped() : await confirmHazard(hazard, await this.#driversFor(hazard), bench, this.#others);
        this.#confirmations.set(hazard.id, confirmation);
        this.#onProgress({ hazard, confirmation, done: this.#confirmations.size, total: this.#hazards.length });
      }
    } finally {
      await bench.dispose();
    }
  }

  #stopped(): Confirmation {
    const account = new HazardAccount();
    account.addUndecided("it was stopped before its turn");
    return account.conclude();
  }

  /** Failures that one hazard's driver showed may be another hazard's. */
  async #assignOthers(): Promise<Witness[]> {
    const bench = this.#newBench();
    const unmatched: Witness[] = [];
    try {
      const distinct = new Map(this.#others.map((found) => [identityOf(found), found]));
      for (const found of distinct.values()) {
        if (this.#options.signal?.aborted === true) break;
        const matching = this.#hazards.filter((hazard) => isFailureOf(hazard, found.evidence, found.sites, { kind: "other driver" }));
        const waiting = matching.filter(({ id }) => this.#confirmations.get(id)?.verdict !== "confirmed");
        if (waiting.length > 0 || (matching.length === 0 && unmatched.length < MOST_UNMATCHED)) await this.#prove(found, waiting, { bench, unmatched });
      }
    } finally {
      await bench.dispose();
    }
    return unmatched;
  }

  async #prove(found: FoundFailure, waiting: readonly Hazard[], { bench, unmatched }: { bench: Workbench; unmatched: Witness[] }): Promise<void> {
    const proof = await found.prove(bench);
    if (proof.kind === "unsteady") return;
    if (waiting.length === 0) unmatched.push(proof.witness);
    for (const hazard of waiting) {
      const before = this.#confirmations.get(hazard.id);
      const account = new HazardAccount();
      account.addRungs(before?.rungs ?? []);
      for (const { name, result } of before?.drivers ?? []) account.addDriver(name, result);
      account.addDriver(found.driver.name, `confirmed: ${proof.witness.failure.summary}; the driver was written for another hazard`);
      this.#confirmations.set(hazard.id, account.confirm(proof.witness, proof.row));
    }
  }
}
