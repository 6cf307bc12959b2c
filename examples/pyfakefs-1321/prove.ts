// Proves each driver of this folder on one runtime and replays the witness in fresh processes elsewhere.
// Enters: a fetched pyfakefs and runtimes. Leaves: a confirmation and replays for each driver.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  confirmDriver,
  defaultBudget,
  loadDriverFile,
  replayWitness,
  testedSubject,
  type TestedSubject,
} from "../../packages/raceproof/src/confirmations/index.ts";
import { fetchSubject, parseSpecification } from "../../packages/raceproof/src/sources/index.ts";
import type { Confirmation, DriverText, Runtime, Witness } from "../../packages/raceproof/src/vocabulary/index.ts";

export const specification = "pyfakefs==6.2.0";
const folder = fileURLToPath(new URL("drivers/", import.meta.url));

export function listDrivers(): string[] {
  return readdirSync(folder).toSorted();
}

export function loadDrivers(): Promise<readonly DriverText[]> {
  return Promise.all(listDrivers().map((name) => loadDriverFile(join(folder, name))));
}

/** Downloads the release named above through the configured package index, or takes it from the cache. */
export async function fetchPyfakefs(cacheFolder: string): Promise<TestedSubject> {
  return testedSubject(await fetchSubject(parseSpecification(specification, folder), { cacheFolder }), []);
}

/** One preemption is enough for every shape, so the search stops at that bound. */
export async function proveDriver(name: string, subject: TestedSubject, runtime: Runtime): Promise<Confirmation> {
  const driver = await loadDriverFile(join(folder, name));
  const budget = { ...defaultBudget, bound: 1, secondsPerHazard: 60 };
  return confirmDriver(driver, { subject, runtime, budget, workers: 1, replayOn: [] });
}

/** How often the witness fails in `times` replays of one fresh process. */
export async function countReplays(witness: Witness, subject: TestedSubject, on: { runtime: Runtime; hashSeed: number; times: number }): Promise<number> {
  return (await replayWitness(witness, { subject, ...on })).reproduced;
}
