// Judged audits of a line of revisions in, oldest first; hazards that came on the way and went again out. Pure.
import type { Hazard, PassingHazard, Revision } from "../vocabulary/index.ts";
import { compareAudits } from "./compare-audits.ts";
import type { JudgedAudit } from "./compare-audits.ts";

export interface JudgedStep {
  /** The commit that leads to this audit. */
  readonly revision: Revision;
  readonly audit: JudgedAudit;
}

/** @param base what was there before the first step */
export function followHazards(base: JudgedAudit, steps: readonly JudgedStep[]): PassingHazard[] {
  const passing: PassingHazard[] = [];
  let cameWith = new Map<Hazard, Revision>();
  let earlier = base;
  for (const { revision, audit } of steps) {
    const { fixed, remaining, added } = compareAudits(earlier, audit);
    for (const hazard of fixed) {
      const came = cameWith.get(hazard);
      if (came !== undefined) passing.push({ hazard, came, went: revision });
    }
    const now = new Map(added.map((hazard) => [hazard, revision]));
    for (const { before, after } of remaining) {
      const came = cameWith.get(before);
      if (came !== undefined) now.set(after, came);
    }
    cameWith = now;
    earlier = audit;
  }
  return passing;
}
