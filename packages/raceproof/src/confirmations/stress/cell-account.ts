// Counts the repeats of one cell. Enters: judged repeats of each arm. Leaves: a row for the report, failures folded by what and where.
import type { RuntimeRow, StressControl, StressFailure } from "../../vocabulary/index.ts";
import type { RepeatJudgment } from "./judge-repeat.ts";
import type { StressCell } from "./stress-cells.ts";
import type { StressArm } from "./stress-messages.ts";

interface Tally {
  failing: number;
  repeats: number;
}

export class CellAccount {
  readonly cell: StressCell;
  readonly #tallies = new Map<StressArm, Tally>();
  readonly #failures = new Map<string, StressFailure>();
  #threads = 0;
  #rounds = 0;
  #signal: string | undefined;
  #unusable: string | undefined;
  readonly #lost: string[] = [];

  constructor(cell: StressCell) {
    this.cell = cell;
  }

  /** Nothing more needs to be run here. */
  get isUnusable(): boolean {
    return this.#unusable !== undefined;
  }

  add(arm: StressArm, judgment: RepeatJudgment): void {
    if (judgment.kind === "lost") {
      this.#lost.push(judgment.reason);
      return;
    }
    if (judgment.kind === "unusable") {
      // What cannot be run with one thread at a time cannot be judged either; the other controls say nothing about the race.
      if (arm === "race" || arm === "one thread") this.#unusable = judgment.reason;
      return;
    }
    const tally = this.#tallies.get(arm) ?? { failing: 0, repeats: 0 };
    tally.repeats += 1;
    if (judgment.symptoms.length > 0) tally.failing += 1;
    this.#tallies.set(arm, tally);
    if (arm !== "race") return;
    this.#threads = Math.max(this.#threads, judgment.threads);
    this.#rounds += judgment.rounds;
    this.#signal ??= judgment.signal;
    for (const { kind, summary, message, traceback, workers } of judgment.symptoms) {
      const key = `${kind} ${summary}`;
      const known = this.#failures.get(key) ?? { kind, summary, ...(message === "" ? {} : { message }), traceback, workers: 0, repeats: 0 };
      this.#failures.set(key, { ...known, repeats: known.repeats + 1, workers: Math.max(known.workers, workers) });
    }
  }

  row(): RuntimeRow {
    const counted = this.isUnusable ? undefined : this.#tallies.get("race");
    const { failing, repeats } = counted ?? { failing: 0, repeats: 0 };
    const controls = [...this.#tallies].flatMap(([arm, tally]): StressControl[] => (arm === "race" ? [] : [{ arm, ...tally }]));
    const note = this.#note(controls);
    const { switchInterval } = this.cell;
    return {
      runtime: this.cell.runtime.id,
      failing,
      repeats,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      ...(note === undefined ? {} : { note }),
      stress: {
        ...(switchInterval === undefined ? {} : { switchInterval }),
        threads: this.#threads,
        rounds: this.#rounds,
        failures: [...this.#failures.values()].toSorted((a, b) => b.repeats - a.repeats),
        controls,
      },
    };
  }

  #note(controls: readonly StressControl[]): string | undefined {
    if (this.#unusable !== undefined) return `cannot be run here: ${this.#unusable}`;
    if (controls.some(({ arm, failing }) => arm === "one thread" && failing > 0))
      return "it fails with one thread at a time too: this row says nothing about threads";
    return this.#lost.length === 0 ? undefined : `processes that are not counted: ${this.#lost.length} (${this.#lost[0]})`;
  }
}
