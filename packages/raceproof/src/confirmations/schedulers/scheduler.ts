// The contract of a scheduler: it decides which schedules to try, in a fixed order without seeds, and learns from what they did.
// It does not run anything and does not judge.
import type { PlayableSchedule } from "../../vocabulary/index.ts";

export interface Scheduler<One extends PlayableSchedule = PlayableSchedule> {
  /** The next schedules, at most `most`; empty when the space is exhausted. */
  next(most: number): readonly One[];
  /** `lengths[t]`: switch points thread t was seen to pass. Longer threads than known so far make the space larger. */
  learn(lengths: readonly number[]): void;
  /** Exact number of schedules in the space as known now. */
  size(): number;
}
