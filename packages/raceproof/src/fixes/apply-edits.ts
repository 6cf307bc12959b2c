// A file's text and edits in, the edited text out; and which of several proposals can be applied together. Pure.
import type { TextEdit } from "../vocabulary/index.ts";

/** @param edits of this text, none overlapping another; those at one place in the order given */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let out = "";
  let at = 0;
  for (const { from, to, text: inserted } of inOrder(edits)) {
    out += text.slice(at, from) + inserted;
    at = to;
  }
  return out + text.slice(at);
}

/** Each edit once: two proposals may need the same line added. */
export function distinctEdits(edits: readonly TextEdit[]): TextEdit[] {
  return [...new Map(edits.map((edit) => [`${edit.file}:${edit.from}:${edit.to}:${edit.text}`, edit])).values()];
}

/** Whether an edit of the one changes what an edit of the other changes. */
export function areInConflict(some: readonly TextEdit[], others: readonly TextEdit[]): boolean {
  return some.some((a) =>
    others.some((b) => a.file === b.file && !(a.from === b.from && a.to === b.to && a.text === b.text) && a.from < b.to && b.from < a.to),
  );
}

function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  return distinctEdits(edits).toSorted((a, b) => a.from - b.from || a.to - b.to);
}
