// A program and rules in, its hazards out: found, deduplicated, ranked. It knows no rule by name.
import { compareConfidence, compareSpans, holderKeyOf } from "../vocabulary/index.ts";
import type { Confidence, Hazard, Program, Rule } from "../vocabulary/index.ts";
import { uniqueIds } from "./unique-ids.ts";

/** Sorted by rule, file and line; one hazard per rule, function, location and statement. */
export function findHazards(program: Program, rules: readonly Pick<Rule, "metadata" | "find">[]): Hazard[] {
  return settleHazards(collectHazards(program, rules), rules);
}

/** All that rules say, in their order. */
export function collectHazards(program: Program, rules: readonly Pick<Rule, "find">[]): Hazard[] {
  return rules.flatMap((rule) => rule.find(program));
}

/** Of what rules said, once each thing that is said several times. What is left of the hazards of one file depends on that file's alone. */
export function settleHazards(said: readonly Hazard[], rules: readonly Pick<Rule, "metadata">[]): Hazard[] {
  const found = new Map<string, Hazard>();
  for (const hazard of said) {
    const key = `${hazard.rule}|${hazard.span.file}|${hazard.function}|${hazard.location.key}|${hazard.span.line}`;
    const known = found.get(key);
    if (!known || compareConfidence(hazard.confidence, known.confidence) > 0) found.set(key, hazard);
  }
  const kept = joinFields(joinLines(withoutRepetitions([...found.values()], rules)));
  return uniqueIds(kept.toSorted((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : compareSpans(a.span, b.span))));
}

/** What a general rule says about a function and a location goes when a narrower one says it as surely. */
function withoutRepetitions(hazards: readonly Hazard[], rules: readonly Pick<Rule, "metadata">[]): Hazard[] {
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

/** What a rule says of one function and one attribute again and again is one thing. */
function joinLines(hazards: readonly Hazard[]): Hazard[] {
  return joinGroups(hazards, ({ location }) => holderKeyOf(location), {
    fewest: 4,
    sayRest: (rest) => `also at ${rest.map(({ span }) => span.line).join(", ")}`,
  });
}

/** Settings that one function stores in one class or module are one thing. */
function joinFields(hazards: readonly Hazard[]): Hazard[] {
  const settings = (hazard: Hazard): string | undefined =>
    hazard.location.ownerKind === "class" || hazard.location.ownerKind === "module"
      ? `${hazard.location.owner}|${hazard.message.includes("until")}`
      : undefined;
  return joinGroups(hazards, settings, { fewest: 4, sayRest: (rest) => `likewise ${rest.map(({ location }) => location.display).join(", ")}` });
}

interface Joining {
  readonly fewest: number;
  sayRest(rest: readonly Hazard[]): string;
}

/** Of the hazards of one rule and function for which `keyOf` gives the same, the first of the strongest, with the accesses of the others. */
function joinGroups(hazards: readonly Hazard[], keyOf: (hazard: Hazard) => string | undefined, { fewest, sayRest }: Joining): Hazard[] {
  const groups = new Map<string, Hazard[]>();
  hazards.forEach((hazard, index) => {
    const own = keyOf(hazard);
    const key = own === undefined ? `${index}` : `${hazard.rule}|${hazard.span.file}|${hazard.function}|${own}`;
    const group = groups.get(key);
    if (group) group.push(hazard);
    else groups.set(key, [hazard]);
  });
  return [...groups.values()].flatMap((group) => {
    if (group.length < fewest) return group;
    const [main, ...rest] = group.toSorted((a, b) => compareConfidence(b.confidence, a.confidence) || compareSpans(a.span, b.span)) as [Hazard, ...Hazard[]];
    const seen = new Set(main.accesses.map(({ span }) => `${span.file}:${span.line}:${span.column}`));
    const added = rest.flatMap(({ accesses }) => accesses).filter(({ span }) => !seen.has(`${span.file}:${span.line}:${span.column}`));
    return [{ ...main, accesses: [...main.accesses, ...added], message: `${main.message} (${sayRest(rest)})` }];
  });
}

export function isAtLeast(hazard: Hazard, minimum: Confidence): boolean {
  return compareConfidence(hazard.confidence, minimum) >= 0;
}
