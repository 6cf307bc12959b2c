// The fixes room: proposals of rules in, edited texts and diffs out. It reads no file and judges nothing: whether a fix is one, the corridor finds out.
export { applyEdits, areInConflict } from "./apply-edits.ts";
export { unifiedDiff } from "./unified-diff.ts";
