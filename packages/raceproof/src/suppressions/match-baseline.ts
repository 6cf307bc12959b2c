// Hazards and a baseline in; which hazards were there before, and which entries nothing needs any more, out.
// First by structure in the same file, then by structure in any file (renamed or moved files). Each entry covers as many as it counts.
import type { Hazard } from "../vocabulary/index.ts";
import type { BaselineEntry } from "./baseline-file.ts";

export interface BaselineMatch {
  readonly known: ReadonlyMap<Hazard, BaselineEntry>;
  /** Entries (with how many of their count) that no hazard is left for. */
  readonly stale: readonly { readonly entry: BaselineEntry; readonly missing: number }[];
}

export function matchBaseline(hazards: readonly Hazard[], entries: readonly BaselineEntry[]): BaselineMatch {
  const left = entries.map((entry) => ({ entry, missing: entry.count }));
  const byStructure = new Map<string, typeof left>();
  for (const each of left) {
    const same = byStructure.get(each.entry.fingerprint);
    if (same) same.push(each);
    else byStructure.set(each.entry.fingerprint, [each]);
  }
  const known = new Map<Hazard, BaselineEntry>();
  for (const inSameFile of [true, false]) {
    for (const hazard of hazards) {
      if (known.has(hazard)) continue;
      const found = byStructure.get(hazard.structure)?.find(({ entry, missing }) => missing > 0 && (!inSameFile || entry.file === hazard.span.file));
      if (!found) continue;
      found.missing--;
      known.set(hazard, found.entry);
    }
  }
  return { known, stale: left.filter(({ missing }) => missing > 0) };
}
