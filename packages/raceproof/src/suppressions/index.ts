// The suppressions room: hazards, comments, policy and baseline in; hazards that count and hazards somebody answered for out.
// It prints nothing, reads no file and knows no rule by name.
export { parseBaseline, renderBaseline } from "./baseline-file.ts";
export type { BaselineEntry } from "./baseline-file.ts";
export { collectCargoRemarks } from "./collect-cargo-remarks.ts";
export { collectNativeRemarks } from "./collect-native-remarks.ts";
export { collectRustRemarks } from "./collect-rust-remarks.ts";
export { collectRemarks } from "./collect-remarks.ts";
export type { Remark } from "./collect-remarks.ts";
export { guardedLocations } from "./declared-guards.ts";
export { fileMatcher, nameMatcher } from "./glob.ts";
export { judgeHazards } from "./judge-hazards.ts";
export type { Judgment } from "./judge-hazards.ts";
export { supportedFamilies } from "./reachable-on.ts";
export type { IgnoredRules, NamePattern, Origin, Policy } from "./policy.ts";
