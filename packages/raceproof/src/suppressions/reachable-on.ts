// A hazard and the versions of Python a project supports in, the hazard as it concerns that project out: on which runtimes it can happen,
// ranked down where it can on none. It knows families of runtimes, not single releases' bugs.
import { familyVersions, latestMinor } from "../models/index.ts";
import { acceptsPython, compareConfidence, confidenceLevels, joinFamilies, runtimeFamilies } from "../vocabulary/index.ts";
import type { Confidence, Hazard, RuntimeFamily } from "../vocabulary/index.ts";

/** @param range Requires-Python; undefined supports everything */
export function supportedFamilies(range: string | undefined): readonly RuntimeFamily[] {
  if (range === undefined) return runtimeFamilies;
  const minors = Array.from({ length: latestMinor }, (_, minor) => minor).filter((minor) => acceptsMinor(range, minor));
  return runtimeFamilies.filter((family) => minors.some((minor) => minor >= familyVersions[family][0] && minor <= familyVersions[family][1]));
}

/** The first or a late patch release of it: `>=3.9.2` and `<3.9.1` both leave some. */
function acceptsMinor(range: string, minor: number): boolean {
  return acceptsPython(range, `3.${minor}`) || acceptsPython(range, `3.${minor}.99`);
}

export function withReachability(hazard: Hazard, supported: readonly RuntimeFamily[]): Hazard {
  const { reachableOn } = hazard;
  if (reachableOn === undefined) return hazard;
  const here = reachableOn.filter((family) => supported.includes(family));
  if (here.length === 0) return unreachable(hazard, reachableOn);
  const atomic = supported.filter((family) => !here.includes(family));
  const words = [`goes wrong on ${joinFamilies(here)}`, ...(atomic.length > 0 ? [`atomic on ${joinFamilies(atomic)}`] : [])];
  return { ...hazard, reachableOn: here, evidence: [...hazard.evidence, `${words.join("; ")} (bench/atomicity)`] };
}

function unreachable(hazard: Hazard, families: readonly RuntimeFamily[]): Hazard {
  const lowest = confidenceLevels[0] as Confidence;
  const because = `goes wrong only on ${joinFamilies(families)}, which the supported versions of Python leave out (bench/atomicity)`;
  const confidence = compareConfidence(hazard.confidence, lowest) > 0 ? lowest : hazard.confidence;
  return { ...hazard, reachableOn: [], confidence, evidence: [...hazard.evidence, because] };
}
