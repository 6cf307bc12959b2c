// What playing the same again and again gave, on one runtime.

export interface Share {
  readonly good: number;
  readonly all: number;
}

export interface RecheckRow {
  readonly runtime: string;
  /** Of a witness: replays that failed in the recorded way. */
  readonly replays: Share;
  /** Other hash seeds under which every replay did. */
  readonly hashSeeds: Share;
  /** Schedules that told the same trace each time. */
  readonly traces: Share;
  /** What went wrong, one sentence each; empty when all was the same. */
  readonly problems: readonly string[];
}

export function isSteady({ replays, hashSeeds, traces }: RecheckRow): boolean {
  return [replays, hashSeeds, traces].every(({ good, all }) => good === all);
}
