// The confirmations room: hazards in, verdicts with witnesses out. Reads no syntax trees, prints nothing; processes and
// files stay inside runtimes/.
//
// Being written; signatures that will leave here:
//   discoverRuntimes(): Promise<{ runtimes: readonly Runtime[]; notifications: readonly Notification[] }>
//   selectRuntime({ runtimes, wanted?: string, requiresPython?: string }): Promise<Runtime>            // UserError when none fits
//   provideRequirements(subject, runtime, cacheFolder): Promise<{ paths: readonly string[]; notifications: readonly Notification[] }>
//   testedSubject(subject: Subject, requirementPaths: readonly string[]): TestedSubject
//   confirmHazards(hazards, driversFor: DriverSource, options: ConfirmationOptions, onProgress): Promise<HazardConfirmations>
//     HazardConfirmations { confirmations: ReadonlyMap<hazard id, Confirmation>; unmatched: readonly Witness[]; notifications }
//     onProgress(event: { hazard: Hazard; confirmation: Confirmation; done: number; total: number }): void
//   confirmDriver(driver: DriverText, options: ConfirmationOptions): Promise<Confirmation>              // hand-written driver, no hazard
//   loadDriverFile(path): Promise<DriverText>                                                           // UserError
//   renderWitness(witness): string   encodeWitness(witness): "rp1...."   decodeWitness(text): Witness   // UserError
//   replayWitness(witness, { subject: TestedSubject, runtime, times, hashSeed? }): Promise<WitnessReplay>
//     WitnessReplay { verdict: "reproduced" | "not-reproduced" | "not-reached"; reproduced; reached; times; reason }
export { defaultBudget } from "./confirmation-options.ts";
export type { ConfirmationOptions, DriverSource, SearchBudget, TestedSubject } from "./confirmation-options.ts";
