// Two programs in, whether a function of the later one has changed out: there is none of the same name with the same text.
// Layout does not count; a changed comment does. A function moved to another file is unchanged.
import type { Hazard, Program } from "../vocabulary/index.ts";

/** @returns whether a hazard of the later program stands in a changed function */
export function changedSince(before: Program, after: Program): (hazard: Hazard) => boolean {
  const known = new Set(before.functions.map((fn) => `${fn.qualifiedName}\u0000${before.sourceOf(fn.span)}`));
  const changed = new Set(
    after.functions.filter((fn) => !known.has(`${fn.qualifiedName}\u0000${after.sourceOf(fn.span)}`)).map((fn) => `${fn.span.file}\u0000${fn.qualifiedName}`),
  );
  return (hazard) => changed.has(`${hazard.span.file}\u0000${hazard.function}`);
}
