// The functions of two revisions in, whether a function of the later one has changed out: there is none of the same name with the same text.
// Layout does not count; a changed comment does. A function moved to another file is unchanged.
import type { FunctionText, Hazard } from "../vocabulary/index.ts";

/** @returns whether a hazard of the later revision stands in a changed function */
export function changedSince(before: readonly FunctionText[], after: readonly FunctionText[]): (hazard: Hazard) => boolean {
  const keyOf = ({ name, text }: FunctionText): string => `${name}\u0000${text.replaceAll(/\s+/g, " ")}`;
  const known = new Set(before.map(keyOf));
  const changed = new Set(after.filter((fn) => !known.has(keyOf(fn))).map(({ file, name }) => `${file}\u0000${name}`));
  return (hazard) => changed.has(`${hazard.span.file}\u0000${hazard.function}`);
}
