// Where along a line of revisions a property changed. Enters: how many there are and a judge. Leaves: two neighbors that differ, with
// those between them that could not be judged. Halves the range as `git bisect` does; what cannot be judged is skipped as there.

/** unknown: neither, for a reason the judge keeps. */
export type RevisionState = "racy" | "clean" | "unknown";

export type Change =
  /** `before` and `after` are indices of judged revisions; all between them are unknown. */
  | { readonly kind: "changed"; readonly before: number; readonly after: number }
  /** Both ends are the same; what happened in between was not looked at. */
  | { readonly kind: "unchanged"; readonly state: RevisionState };

/** Indices from 0, oldest first. Judges each revision at most once, and about log2(count) of them when none is unknown. */
export async function findChange(count: number, judge: (index: number) => Promise<RevisionState>): Promise<Change> {
  const oldest = await judge(0);
  const newest = count === 1 ? oldest : await judge(count - 1);
  if (oldest === newest) return { kind: "unchanged", state: oldest };
  const ends = { before: 0, after: count - 1 };
  // An end that cannot be judged is a state of its own: what is looked for is where judging begins or ends.
  return oldest === "unknown" || newest === "unknown" ? closeIn(ends, oldest, judge) : skipUnknown(ends, oldest, judge);
}

interface Ends {
  readonly before: number;
  readonly after: number;
}

async function closeIn({ before, after }: Ends, oldest: RevisionState, judge: (index: number) => Promise<RevisionState>): Promise<Change> {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await judge(middle)) === oldest) low = middle;
    else high = middle;
  }
  return { kind: "changed", before: low, after: high };
}

async function skipUnknown({ before, after }: Ends, oldest: RevisionState, judge: (index: number) => Promise<RevisionState>): Promise<Change> {
  let [low, high] = [before, after];
  const skipped = new Set<number>();
  for (;;) {
    const middle = nearestToMiddle(low, high, skipped);
    if (middle === undefined) return { kind: "changed", before: low, after: high };
    const state = await judge(middle);
    if (state === "unknown") skipped.add(middle);
    else if (state === oldest) low = middle;
    else high = middle;
  }
}

function nearestToMiddle(low: number, high: number, skipped: ReadonlySet<number>): number | undefined {
  const middle = (low + high) / 2;
  const left = Array.from({ length: high - low - 1 }, (_, index) => low + 1 + index).filter((index) => !skipped.has(index));
  return left.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
}
