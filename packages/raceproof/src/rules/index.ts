// The rules shelf: every rule of the house, from its folder.
export { findClass, planClass } from "./python/class-entry-points.ts";
export { nativeRegistry as nativeRules, registry as rules } from "./registry.ts";
export { varyProvocations } from "./python/vary-provocations.ts";
