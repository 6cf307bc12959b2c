// The reviews room: two audits in, what became of the hazards out. Fetches, audits and prints nothing.
export { changedSince } from "./changed-functions.ts";
export { compareAudits } from "./compare-audits.ts";
export { findChange } from "./find-change.ts";
export { followHazards } from "./follow-hazards.ts";
export { mendedFunctions } from "./mended-functions.ts";
