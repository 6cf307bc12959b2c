// What the random strategies share: a number of seeds in a fixed order. The agent draws; the explorer only says from what.
import type { SeededSchedule } from "../../vocabulary/index.ts";
import type { Scheduler } from "./scheduler.ts";

/** `schedules` schedules with seeds from 0; `describe` is asked again when threads turn out to be longer. */
export function drawnSchedules(
  schedules: number,
  lengths: readonly number[],
  describe: (lengths: readonly number[]) => Omit<SeededSchedule, "seed">,
): Scheduler {
  let longest = lengths;
  let described = describe(longest);
  let seed = 0;
  return {
    next(most: number): readonly SeededSchedule[] {
      const first = seed;
      seed = Math.min(schedules, seed + most);
      return Array.from({ length: seed - first }, (_, index) => ({ ...described, seed: first + index }));
    },
    learn(seen: readonly number[]): void {
      const threads = Math.max(longest.length, seen.length);
      const grown = Array.from({ length: threads }, (_, thread) => Math.max(longest[thread] ?? 0, seen[thread] ?? 0));
      if (grown.length === longest.length && grown.every((length, thread) => length === longest[thread])) return;
      longest = grown;
      described = describe(longest);
    },
    size(): number {
      return schedules;
    },
  };
}
