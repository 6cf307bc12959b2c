// The hazards room: facts and rules in, ranked hazards out. Parses nothing, starts no process.
export { collectHazards, findHazards, isAtLeast, settleHazards } from "./find-hazards.ts";
export { findNativeHazards, findRustHazards } from "./find-native-hazards.ts";
export { rankCythonHazards } from "./rank-cython-hazards.ts";
