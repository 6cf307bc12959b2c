// A program and rules in, its hazards out: found, deduplicated, ranked. It knows no rule by name.
import { compareConfidence, compareSpans, holderKeyOf } from "../vocabulary/index.ts";
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
  const kept = withoutRepetitions([...found.values()], rules);
  return uniqueIds(kept.toSorted((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : compareSpans(a.span, b.span))));
}

/** What a general rule says about a function and a location goes when a narrower one says it as surely. */
function withoutRepetitions(hazards: readonly Hazard[], rules: readonly Rule[]): Hazard[] {
  const general = new Set(rules.filter(({ metadata }) => metadata.general === true).map(({ metadata }) => metadata.id));
  if (general.size === 0) return [...hazards];
  const keyOf = ({ span, function: name, location }: Hazard): string => `${span.file}|${name}|${holderKeyOf(location)}`;
  const narrower = new Map<string, Confidence>();
  for (const hazard of hazards) {
    if (general.has(hazard.rule)) continue;
    const known = narrower.get(keyOf(hazard));
    if (known === undefined || compareConfidence(hazard.confidence, known) > 0) narrower.set(keyOf(hazard), hazard.confidence);
  }
  return hazards.filter((hazard) => {
    const said = general.has(hazard.rule) ? narrower.get(keyOf(hazard)) : undefined;
    return said === undefined || compareConfidence(said, hazard.confidence) < 0;
  });
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
