// The config room: files and their settings in, checked values out. Analyzes nothing.
export { findSettings } from "./find-settings.ts";
export { excluderOf, policyOf, requiredPython, selectedRules } from "./policy-of-settings.ts";
export { noSettings } from "./settings.ts";
export type { Settings } from "./settings.ts";
