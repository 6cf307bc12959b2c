// Keeps the account of one hazard's confirmation: every rung, every driver, everything that was not controlled; and concludes.
// A search that was cut short, hung or lost control never becomes "clean".
import type { Confirmation, DriverEnd, DriverText, Relaxation, RuntimeRow, SearchRung, TriedDriver, Verdict, Witness } from "../vocabulary/index.ts";
import { describeRelaxed, relaxations } from "../vocabulary/index.ts";
import type { Climb } from "./climb-ladder.ts";

export class HazardAccount {
  readonly #rungs: SearchRung[] = [];
  readonly #uncontrolled = new Set<string>();
  readonly #undecided = new Set<string>();
  readonly #drivers: TriedDriver[] = [];
  readonly #relaxed = new Map<string, Relaxation>();
  #clean = 0;
  /** Schedules, by the name of their driver. */
  readonly #playedBy = new Map<string, number>();
  #usable = 0;
  #others = 0;

  /** What was found out before stays in the account. */
  addEarlier({ rungs, drivers }: Pick<Confirmation, "rungs" | "drivers">): void {
    this.#rungs.push(...rungs);
    this.#drivers.push(...drivers);
  }

  addClimb({ rungs, uncontrolled, undecided, end, relaxed }: Climb, { name }: DriverText): void {
    this.#rungs.push(...rungs);
    this.#playedBy.set(
      name,
      rungs.reduce((sum, { schedules }) => sum + schedules, this.#playedBy.get(name) ?? 0),
    );
    for (const [id, relaxation] of relaxed) this.#relaxed.set(id, relaxation);
    for (const reason of undecided) this.#undecided.add(reason);
    if (uncontrolled > 0) {
      this.#undecided.add("a thread was blocked outside the scheduler");
      this.#uncontrolled.add(`${uncontrolled} executions in which a thread was blocked outside the scheduler and ran on by itself`);
    }
    if (end.kind === "stuck") this.#undecided.add(end.reason);
  }

  /** Schedules of all rungs. */
  get played(): number {
    return this.#rungs.reduce((sum, { schedules }) => sum + schedules, 0);
  }

  addUndecided(reason: string): void {
    this.#undecided.add(reason);
  }

  addDriver(name: string, result: string, end: DriverEnd): void {
    const schedules = this.#playedBy.get(name) ?? 0;
    this.#drivers.push({ name, result, end, ...(schedules > 0 && { schedules }) });
  }

  /** The driver ran. `isClean`: it took the suspect accesses through every schedule within the bound and nothing failed; `others`: failures that are not the hazard's. */
  addUsable({ isClean, others }: { readonly isClean: boolean; readonly others: number }): void {
    this.#usable += 1;
    this.#others += others;
    if (isClean) this.#clean += 1;
  }

  confirm(witness: Witness, row: RuntimeRow): Confirmation {
    const enough = witness.preemptions === 1 ? "1 preemption is enough" : `${witness.preemptions} preemptions are enough`;
    return { ...this.#close("confirmed", `${witness.failure.summary}: ${enough}; it failed ${row.failing} of ${row.repeats} times`), witness, runtimes: [row] };
  }

  /** Nothing failed, or nothing that could be held on to. */
  conclude(): Confirmation {
    const { played } = this;
    const undecided = [...this.#undecided][0];
    if (undecided !== undefined) return this.#close("inconclusive", undecided);
    if (this.#drivers.length === 0) return this.#close("unproven", "no driver could be written for it");
    if (this.#usable === 0) return this.#close("unproven", `no driver was of use: ${this.#drivers[0]?.result ?? ""}`);
    if (this.#clean > 0) {
      const bound = Math.max(...this.#rungs.filter(({ exhausted, search }) => exhausted && search === undefined).map(({ bound: one }) => one));
      return this.#close(
        "clean-within-bound",
        `every schedule with up to ${bound} preemptions gave the outcome of a serial order (${played} schedules, ${this.#clean} drivers)${this.#certificate()}`,
      );
    }
    const found = this.#others === 0 ? "gave nothing that no serial order gives" : `showed failures of other accesses only (${this.#others})`;
    return this.#close("not-reproduced", `${played} schedules of ${this.#usable} drivers ${found}`);
  }

  /** What DPOR covered completely. */
  #certificate(): string {
    const complete = this.#rungs.filter(({ search, exhausted }) => search === "certificate" && exhausted);
    if (complete.length === 0) return "";
    const traces = complete.reduce((sum, { schedules }) => sum + schedules, 0);
    return `; certificate for ${complete.length} of them: ${traces} traces cover every interleaving of the accesses the agent sees`;
  }

  #close(verdict: Verdict, reason: string): Confirmation {
    const relaxed = relaxations.flatMap((relaxation) => {
      const outcomes = [...this.#relaxed.values()].filter((each) => each === relaxation).length;
      return outcomes === 0 ? [] : [{ relaxation, outcomes }];
    });
    const said = [reason, describeRelaxed(relaxed)].filter((part) => part !== "").join("; ");
    const confirmation = { verdict, reason: said, rungs: this.#rungs, runtimes: [], uncontrolled: [...this.#uncontrolled], drivers: this.#drivers };
    return relaxed.length === 0 ? confirmation : { ...confirmation, relaxed };
  }
}
