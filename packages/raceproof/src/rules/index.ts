// The rules shelf: every rule of the house, from its folder.
import type { RuleMetadata } from "../vocabulary/index.ts";
import { cythonRegistry, nativeRegistry, registry, rustRegistry } from "./registry.ts";

export { indexOf } from "./python/program-index.ts";
export { findClass, planClass } from "./python/class-entry-points.ts";
export { cythonRegistry as cythonRules, nativeRegistry as nativeRules, registry as rules, rustRegistry as rustRules } from "./registry.ts";
export { varyProvocations } from "./python/vary-provocations.ts";

/** Of the rules of all languages. */
export const ruleMetadata: readonly RuleMetadata[] = [...registry, ...cythonRegistry, ...nativeRegistry, ...rustRegistry].map(({ metadata }) => metadata);
