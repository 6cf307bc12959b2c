// Two judged audits in; what is fixed, what remains and what is new out. Pure: fetching and auditing came before.
import type { Hazard, Suppression } from "../vocabulary/index.ts";
import { matchHazards } from "./match-hazards.ts";

export interface JudgedAudit {
  /** Those that count, of the shown confidence. */
  readonly shown: readonly Hazard[];
  /** Those that count, of any confidence. */
  readonly counted: readonly Hazard[];
  readonly suppressed: readonly { readonly hazard: Hazard; readonly suppression: Suppression }[];
}

export interface Comparison {
  readonly fixed: readonly Hazard[];
  readonly remaining: readonly { readonly before: Hazard; readonly after: Hazard }[];
  readonly added: readonly Hazard[];
}

/** A hazard that is only believed less, or only suppressed, was not fixed: it is in none of the lists. */
export function compareAudits(before: JudgedAudit, after: JudgedAudit): Comparison {
  const pairs = matchHazards(everyHazard(before), everyHazard(after));
  const shownBefore = new Set(before.shown);
  const matched = new Set(pairs.values());
  return {
    fixed: before.shown.filter((hazard) => !matched.has(hazard)),
    remaining: after.shown.flatMap((hazard) => {
      const earlier = pairs.get(hazard);
      return earlier && shownBefore.has(earlier) ? [{ before: earlier, after: hazard }] : [];
    }),
    added: after.shown.filter((hazard) => !shownBefore.has(pairs.get(hazard) ?? hazard)),
  };
}

/** Shown ones first: they find their partners before those nobody sees. */
function everyHazard({ shown, counted, suppressed }: JudgedAudit): Hazard[] {
  const isShown = new Set(shown);
  return [...shown, ...suppressed.map(({ hazard }) => hazard), ...counted.filter((hazard) => !isShown.has(hazard))];
}
