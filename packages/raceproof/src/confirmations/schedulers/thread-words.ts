// In which order threads run their pieces: words over threads in which no letter follows itself, counted and picked by rank
// without listing them. A thread with c stops runs in c + 1 pieces, and after a stop another thread must run.

/** Words with `pieces[t]` letters t and no two equal letters side by side. */
export class ThreadWords {
  readonly #pieces: readonly number[];
  readonly #counted = new Map<string, number>();

  constructor(pieces: readonly number[]) {
    this.#pieces = pieces;
  }

  count(): number {
    return this.#countFrom(this.#pieces, -1);
  }

  /** The word at `rank` (from 0) in lexicographic order. Throws RangeError beyond the last. */
  at(rank: number): number[] {
    const word: number[] = [];
    let left = [...this.#pieces];
    let rest = rank;
    while (left.some((count) => count > 0)) {
      const letter = left.findIndex((_, thread) => {
        const words = this.#countWith(left, thread, word.at(-1) ?? -1);
        if (rest < words) return true;
        rest -= words;
        return false;
      });
      if (letter < 0) throw new RangeError(`no word of rank ${rank}`);
      word.push(letter);
      left = takeOne(left, letter);
    }
    return word;
  }

  #countFrom(left: readonly number[], last: number): number {
    if (left.every((count) => count === 0)) return 1;
    const key = `${left.join(",")};${last}`;
    const known = this.#counted.get(key);
    if (known !== undefined) return known;
    const words = left.reduce((sum, _, thread) => sum + this.#countWith(left, thread, last), 0);
    this.#counted.set(key, words);
    return words;
  }

  #countWith(left: readonly number[], thread: number, last: number): number {
    return thread === last || (left[thread] ?? 0) === 0 ? 0 : this.#countFrom(takeOne(left, thread), thread);
  }
}

function takeOne(left: readonly number[], thread: number): number[] {
  return left.map((count, index) => (index === thread ? count - 1 : count));
}
