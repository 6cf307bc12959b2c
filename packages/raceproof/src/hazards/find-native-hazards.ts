// A native or Rust program and rules in, its hazards out: one per rule, function, location and line, sorted as a reader goes through the files.
import { compareSpans } from "../vocabulary/index.ts";
import type { Hazard, NativeProgram, NativeRule, RuleMetadata, RustProgram, RustRule } from "../vocabulary/index.ts";
import { uniqueIds } from "./unique-ids.ts";

export function findNativeHazards(program: NativeProgram, rules: readonly NativeRule[]): Hazard[] {
  return distinctHazards(
    rules.flatMap((rule) => rule.find(program)),
    rules,
  );
}

export function findRustHazards(program: RustProgram, rules: readonly RustRule[]): Hazard[] {
  return distinctHazards(
    rules.flatMap((rule) => rule.find(program)),
    rules,
  );
}

function distinctHazards(hazards: readonly Hazard[], rules: readonly { readonly metadata: RuleMetadata }[]): Hazard[] {
  const found = new Map<string, Hazard>();
  for (const hazard of hazards) {
    const key = `${hazard.rule}|${hazard.span.file}|${hazard.function}|${hazard.location.key}|${hazard.span.line}|${hazard.message}`;
    if (!found.has(key)) found.set(key, hazard);
  }
  return uniqueIds(
    withoutRepetitions([...found.values()], rules).toSorted((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : compareSpans(a.span, b.span))),
  );
}

/** What a general rule says of a location goes when a narrower one speaks of the same. */
function withoutRepetitions(hazards: readonly Hazard[], rules: readonly { readonly metadata: RuleMetadata }[]): Hazard[] {
  const general = new Set(rules.filter(({ metadata }) => metadata.general === true).map(({ metadata }) => metadata.id));
  const narrower = new Set(hazards.filter(({ rule }) => !general.has(rule)).map(({ location }) => location.key));
  return hazards.filter(({ rule, location }) => !general.has(rule) || !narrower.has(location.key));
}
