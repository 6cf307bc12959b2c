// Finds the Python interpreters of this machine. Enters: environment variables. Leaves: usable runtimes, newest first, and
// notifications for broken ones. Runs each candidate once; downloads nothing.
import { compareReleases } from "../../vocabulary/index.ts";
import type { Notification, Runtime } from "../../vocabulary/index.ts";
import { probeRuntime, type RuntimeProbe } from "./probe-runtime.ts";
import { type EnvironmentVariables, listRuntimeCandidates, type RuntimeCandidate } from "./runtime-candidates.ts";
import { realpath } from "node:fs/promises";

export interface RuntimeDiscovery {
  /** CPython with a GIL, then free-threaded, then PyPy; newest first within each. Ids are unique. */
  readonly runtimes: readonly Runtime[];
  /** Broken interpreters as warnings, unsupported ones as notes. */
  readonly notifications: readonly Notification[];
}

const PROBES_AT_ONCE = 4;

/** Looks at PATH, pyenv, uv, conda and raceproof's own cache. Never fails: a broken interpreter becomes a notification. */
export async function discoverRuntimes(environment: EnvironmentVariables = process.env): Promise<RuntimeDiscovery> {
  const candidates = await withoutSameFile(await listRuntimeCandidates(environment));
  const probes = await mapInParallel(candidates, PROBES_AT_ONCE, async (candidate) => ({ candidate, probe: await probeRuntime(candidate) }));
  const runtimes = makeIdsUnique(withoutSameInstallation(probes.map(({ probe }) => probe)));
  const notifications = probes.flatMap(({ candidate, probe }) => notificationOf(candidate, probe));
  return { runtimes: runtimes.toSorted(compareRuntimes), notifications };
}

async function withoutSameFile(candidates: readonly RuntimeCandidate[]): Promise<RuntimeCandidate[]> {
  const seen = new Set<string>();
  const kept: RuntimeCandidate[] = [];
  for (const candidate of candidates) {
    const file = await realpath(candidate.executable).catch(() => candidate.executable);
    if (!seen.has(file)) kept.push(candidate);
    seen.add(file);
  }
  return kept;
}

function withoutSameInstallation(probes: readonly RuntimeProbe[]): Runtime[] {
  const byInstallation = new Map<string, Runtime>();
  for (const probe of probes) {
    if (probe.kind === "usable" && !byInstallation.has(probe.installation)) byInstallation.set(probe.installation, probe.runtime);
  }
  return [...byInstallation.values()];
}

/** Two installations of one version: the second is named after its origin, further ones get a number. */
function makeIdsUnique(runtimes: readonly Runtime[]): Runtime[] {
  const taken = new Set<string>();
  return runtimes.map((runtime) => {
    const named = [runtime.id, `${runtime.id}-${runtime.origin}`];
    let id = named.find((name) => !taken.has(name));
    for (let number = 2; id === undefined; number += 1) {
      const numbered = `${runtime.id}-${runtime.origin}-${number}`;
      if (!taken.has(numbered)) id = numbered;
    }
    taken.add(id);
    return { ...runtime, id };
  });
}

function notificationOf(candidate: RuntimeCandidate, probe: RuntimeProbe): Notification[] {
  switch (probe.kind) {
    case "usable":
      return [];
    case "unsupported":
      return [{ level: "note", message: `interpreter left out: ${candidate.executable}: ${probe.reason}` }];
    case "broken":
      return [{ level: "warning", message: `interpreter does not work: ${candidate.executable}: ${probe.reason}` }];
  }
}

function compareRuntimes(a: Runtime, b: Runtime): number {
  return familyRank(a) - familyRank(b) || compareReleases(b.version, a.version) || (a.id < b.id ? -1 : 1);
}

function familyRank(runtime: Runtime): number {
  if (runtime.implementation === "pypy") return 2;
  return runtime.freeThreaded ? 1 : 0;
}

async function mapInParallel<In, Out>(items: readonly In[], atOnce: number, work: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as In);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
