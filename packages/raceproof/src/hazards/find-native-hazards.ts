// A native program and rules in, its hazards out: one per rule, function, location and line, sorted as a reader goes through the files.
import { compareSpans } from "../vocabulary/index.ts";
import type { Hazard, NativeProgram, NativeRule } from "../vocabulary/index.ts";
import { uniqueIds } from "./unique-ids.ts";

export function findNativeHazards(program: NativeProgram, rules: readonly NativeRule[]): Hazard[] {
  const found = new Map<string, Hazard>();
  for (const hazard of rules.flatMap((rule) => rule.find(program))) {
    const key = `${hazard.rule}|${hazard.span.file}|${hazard.function}|${hazard.location.key}|${hazard.span.line}|${hazard.message}`;
    if (!found.has(key)) found.set(key, hazard);
  }
  return uniqueIds([...found.values()].toSorted((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : compareSpans(a.span, b.span))));
}
