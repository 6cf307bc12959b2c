// A program and rules in, its hazards out: found, deduplicated, ranked. It knows no rule by name.
import { compareConfidence, compareSpans } from "../vocabulary/index.ts";
import type { Confidence, Hazard, Program, Rule } from "../vocabulary/index.ts";

/** Sorted by rule, file and line; one hazard per rule, function, location and statement. */
export function findHazards(program: Program, rules: readonly Rule[]): Hazard[] {
  const found = new Map<string, Hazard>();
  for (const rule of rules) {
    for (const hazard of rule.find(program)) {
      const key = `${hazard.rule}|${hazard.span.file}|${hazard.function}|${hazard.location.key}|${hazard.span.line}`;
      const known = found.get(key);
      if (!known || compareConfidence(hazard.confidence, known.confidence) > 0) found.set(key, hazard);
    }
  }
  return uniqueIds([...found.values()].toSorted((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : compareSpans(a.span, b.span))));
}

export function isAtLeast(hazard: Hazard, minimum: Confidence): boolean {
  return compareConfidence(hazard.confidence, minimum) >= 0;
}

/** Twins (same code twice in one function) share a fingerprint; their ids are numbered. */
function uniqueIds(hazards: readonly Hazard[]): Hazard[] {
  const seen = new Map<string, number>();
  return hazards.map((hazard) => {
    const count = (seen.get(hazard.id) ?? 0) + 1;
    seen.set(hazard.id, count);
    return count === 1 ? hazard : { ...hazard, id: `${hazard.id}-${count}`, fingerprint: `${hazard.fingerprint}-${count}` };
  });
}
