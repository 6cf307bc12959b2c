// The vocabulary shelf: types and tiny pure functions. Imports nothing outside itself, does no I/O, keeps no state.
export * from "./access.ts";
export * from "./confirmation.ts";
export * from "./finding.ts";
export * from "./fingerprint.ts";
export * from "./hazard.ts";
export * from "./history.ts";
export * from "./location.ts";
export * from "./lockset.ts";
export * from "./program.ts";
export * from "./provocation.ts";
export * from "./rule.ts";
export * from "./runtime.ts";
export * from "./schedule.ts";
export * from "./source-span.ts";
export * from "./subject.ts";
export * from "./user-error.ts";
export * from "./witness.ts";
