// Twins (same code twice in one function) share a fingerprint; their ids are numbered.
import type { Hazard } from "../vocabulary/index.ts";

export function uniqueIds(hazards: readonly Hazard[]): Hazard[] {
  const seen = new Map<string, number>();
  return hazards.map((hazard) => {
    const count = (seen.get(hazard.id) ?? 0) + 1;
    seen.set(hazard.id, count);
    return count === 1 ? hazard : { ...hazard, id: `${hazard.id}-${count}`, fingerprint: `${hazard.fingerprint}-${count}` };
  });
}
