// DPOR with source sets and sleep sets: one execution for (almost) every Mazurkiewicz trace, so that an ended search has seen what
// every interleaving gives.
// Source: Abdulla, Aronis, Jonsson and Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014, algorithm 1.
// It does not run anything: it names a prefix of transitions, is told the trace, and says when nothing is left. A release makes the
// next acquire of its lock possible and cannot be swapped with it; acquires of one lock race with each other.
import type { Transition } from "../agent-messages.ts";
import { findRaces, type Race } from "./trace-races.ts";

/** What to play next: the threads of the first transitions, and who sleeps before the last of them. */
export interface GuidedExecution {
  readonly prefix: readonly number[];
  readonly sleeping: readonly number[];
}

interface Node {
  chosen: number;
  readonly backtrack: Set<number>;
  readonly done: Set<number>;
  readonly sleepingBefore: ReadonlySet<number>;
}

export class SourceSets {
  readonly #path: Node[] = [];
  #isStarted = false;

  /** Undefined when every trace has been covered. */
  next(): GuidedExecution | undefined {
    if (!this.#isStarted) {
      this.#isStarted = true;
      return { prefix: [], sleeping: [] };
    }
    for (let node = this.#path.at(-1); node !== undefined; node = this.#path.at(-1)) {
      const { backtrack, done, sleepingBefore } = node;
      const thread = [...backtrack].find((one) => !done.has(one) && !sleepingBefore.has(one));
      if (thread !== undefined) {
        const sleeping = [...new Set([...sleepingBefore, ...done])];
        node.chosen = thread;
        done.add(thread);
        return { prefix: this.#path.map(({ chosen }) => chosen), sleeping };
      }
      this.#path.pop();
    }
    return undefined;
  }

  /** The execution that `next()` asked for. `waiting`: accesses that threads wanted to make when nobody could go on. */
  learn(events: readonly Transition[], waiting: readonly Transition[]): void {
    for (const { thread, sleeping } of events.slice(this.#path.length))
      this.#path.push({ chosen: thread, backtrack: new Set([thread]), done: new Set([thread]), sleepingBefore: new Set(sleeping) });
    for (const race of findRaces(events, waiting)) this.#reverse(race);
  }

  #reverse({ at, initials }: Race): void {
    const node = this.#path[at];
    if (node === undefined) throw new RangeError(`no transition ${at}`);
    const [first] = initials;
    if (first !== undefined && !initials.some((thread) => node.backtrack.has(thread))) node.backtrack.add(first);
  }
}
