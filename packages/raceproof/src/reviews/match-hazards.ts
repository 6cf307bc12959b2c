// The hazards of two audits in, pairs that are the same hazard out. First by structure, then by rule, function and location;
// within each, those of the same file before those of another. A hazard is in one pair at most.
import type { Hazard } from "../vocabulary/index.ts";

type Key = (hazard: Hazard) => string;

const keys: readonly Key[] = [
  (hazard) => `${hazard.structure}|${hazard.span.file}`,
  (hazard) => hazard.structure,
  (hazard) => `${hazard.rule}|${hazard.function}|${hazard.location.display}|${hazard.span.file}`,
  (hazard) => `${hazard.rule}|${hazard.function}|${hazard.location.display}`,
];

/** @returns for each later hazard the earlier one */
export function matchHazards(before: readonly Hazard[], after: readonly Hazard[]): ReadonlyMap<Hazard, Hazard> {
  const pairs = new Map<Hazard, Hazard>();
  const taken = new Set<Hazard>();
  for (const keyOf of keys) {
    const waiting = new Map<string, Hazard[]>();
    for (const hazard of before) {
      if (taken.has(hazard)) continue;
      const same = waiting.get(keyOf(hazard));
      if (same) same.push(hazard);
      else waiting.set(keyOf(hazard), [hazard]);
    }
    for (const hazard of after) {
      const earlier = pairs.has(hazard) ? undefined : waiting.get(keyOf(hazard))?.shift();
      if (!earlier) continue;
      pairs.set(hazard, earlier);
      taken.add(earlier);
    }
  }
  return pairs;
}
