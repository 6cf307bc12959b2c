// The door of the confirmations room: hazards in, verdicts with witnesses out. Reads no syntax trees, prints nothing; processes
// and files stay inside runtimes/.
export { auditClass, type ClassAuditRequest } from "./class-audit/index.ts";
export { confirmCrate } from "./native/confirm-crate.ts";
export { confirmDriver } from "./confirm-driver.ts";
export { confirmHazards, type ConfirmationProgress, type ConfirmationWatch, type HazardConfirmations } from "./confirm-hazards.ts";
export { type ConfirmationOptions, defaultBudget, type DriverSource, type SearchBudget, type TestedSubject } from "./confirmation-options.ts";
export { findContradictions } from "./find-contradictions.ts";
export { canPlay, reachOnFamilies, type ReachQuestion } from "./reach-on-families.ts";
export { indexUsages, synthesizeDrivers } from "./drivers/synthesis/index.ts";
export { recheckDrivers, recheckWitnesses } from "./recheck/index.ts";
export type { ReplayVerdict } from "./replay-verdict.ts";
export { isSameFailure } from "./oracles/serial-order.ts";
export { type ReplaySetting, replayWitness, type WitnessReplay } from "./replay-witness.ts";
export { checkCompiles, type CompileOutcome } from "./runtimes/check-compiles.ts";
export { buildCrate, type BuiltCrate } from "./runtimes/build-crate.ts";
export { discoverRuntimes, type RuntimeDiscovery } from "./runtimes/discover-runtimes.ts";
export { loadDriverFile } from "./runtimes/load-driver-file.ts";
export { provideRequirements, type ProvidedRequirements } from "./runtimes/provide-requirements.ts";
export { activeRuntimeId, type RuntimeWish, selectRuntime } from "./runtimes/select-runtime.ts";
export { countSynthesis } from "./synthesis-coverage.ts";
export { stressConfirmations } from "./stress/stress-confirmations.ts";
export { defaultStressBudget, type StressBudget, stressDriver, type StressSetting } from "./stress/stress-driver.ts";
export { oneOfEachFamily, supportedRuntimes } from "./stress/stress-runtimes.ts";
export { testedSubject } from "./tested-subject.ts";
export { decodeWitness, encodeWitness, renderWitness } from "./witness-codec.ts";
