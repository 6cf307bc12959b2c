// Preemption bounding: every schedule with exactly `bound` preemptions, each once, in a fixed order.
// Source: Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007.
// Departures: switch points are counted per thread from earlier runs (no dynamic enabledness), so a stop that is never reached is
// possible and reported by the agent; from bound 2 on, neighbors are visited far apart because one bug fills a whole window.
import type { Schedule, ScheduleSegment } from "../../vocabulary/index.ts";
import { combinationAt, countCombinations } from "./combinations.ts";
import type { Scheduler } from "./scheduler.ts";
import { ThreadWords } from "./thread-words.ts";

/** Thread t passes `lengths[t]` switch points; the first is its start, where stopping would only be another order of threads. */
export function preemptionBound(bound: number, lengths: readonly number[]): Scheduler<Schedule> {
  let explored: readonly number[] | undefined;
  let space = new PreemptionSpace(bound, lengths);
  let longest = lengths;
  let position = 0;

  function growSpace(): boolean {
    if (longest.every((length, thread) => length <= (space.lengths[thread] ?? -1))) return false;
    explored = space.lengths;
    space = new PreemptionSpace(bound, longest);
    position = 0;
    return true;
  }

  function isNew(schedule: Schedule): boolean {
    const known = explored;
    if (known === undefined || known.length < longest.length) return true;
    return schedule.some(([thread, until]) => until !== null && until > Math.max(known[thread] ?? 0, 1));
  }

  return {
    next(most: number): readonly Schedule[] {
      const batch: Schedule[] = [];
      while (batch.length < most && (position < space.size || growSpace())) {
        if (position >= space.size) continue;
        const schedule = space.at(position);
        position += 1;
        if (isNew(schedule)) batch.push(schedule);
      }
      return batch;
    },
    learn(seen: readonly number[]): void {
      const threads = Math.max(longest.length, seen.length);
      longest = Array.from({ length: threads }, (_, thread) => Math.max(longest[thread] ?? 0, seen[thread] ?? 0));
    },
    size(): number {
      return new PreemptionSpace(bound, longest).size;
    },
  };
}

/** How many stops each thread makes: one part of the space. */
interface Part {
  readonly stops: readonly number[];
  readonly words: ThreadWords;
  readonly size: number;
}

class PreemptionSpace {
  readonly lengths: readonly number[];
  readonly size: number;
  readonly #parts: readonly Part[];
  readonly #stride: number;

  constructor(bound: number, lengths: readonly number[]) {
    this.lengths = lengths;
    const places = lengths.map(placesToStop);
    this.#parts = distribute(bound, lengths.length).map((stops) => {
      const words = new ThreadWords(stops.map((count) => count + 1));
      const choices = stops.reduce((product, count, thread) => product * countCombinations(places[thread] ?? 0, count), 1);
      return { stops, words, size: choices === 0 ? 0 : choices * words.count() };
    });
    this.size = this.#parts.reduce((sum, part) => sum + part.size, 0);
    this.#stride = bound < 2 ? 1 : strideFor(this.size);
  }

  at(position: number): Schedule {
    let rank = Number((BigInt(position) * BigInt(this.#stride)) % BigInt(this.size));
    const part = this.#parts.find(({ size }) => {
      if (rank < size) return true;
      rank -= size;
      return false;
    });
    if (part === undefined) throw new RangeError(`no schedule at ${position}`);
    return this.#scheduleOf(part, rank);
  }

  #scheduleOf(part: Part, rank: number): Schedule {
    let rest = rank;
    const chosen = part.stops.map((count, thread) => {
      const places = placesToStop(this.lengths[thread] ?? 0);
      const choices = countCombinations(places, count);
      const combination = combinationAt(places, count, rest % choices);
      rest = Math.floor(rest / choices);
      return combination;
    });
    const used = part.stops.map(() => 0);
    return part.words.at(rest).map((thread): ScheduleSegment => {
      const piece = used[thread] ?? 0;
      used[thread] = piece + 1;
      const stop = chosen[thread]?.[piece];
      return [thread, stop === undefined ? null : stop + 2];
    });
  }
}

function placesToStop(length: number): number {
  return Math.max(0, length - 1);
}

/** Every way to give `total` stops to `threads` threads. */
function distribute(total: number, threads: number): number[][] {
  if (threads === 0) return total === 0 ? [[]] : [];
  return Array.from({ length: total + 1 }, (_, first) => total - first).flatMap((first) =>
    distribute(total - first, threads - 1).map((rest) => [first, ...rest]),
  );
}

const GOLDEN_FRACTION = (Math.sqrt(5) - 1) / 2;

/** A step that visits 0..size-1 once each and keeps every prefix spread out. */
function strideFor(size: number): number {
  if (size < 3) return 1;
  let stride = Math.max(1, Math.round(size * GOLDEN_FRACTION));
  while (greatestCommonDivisor(stride, size) !== 1) stride += 1;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
