// Calls that may bring two threads to a {{shape}} hazard at once; plain values, from which a driver is written elsewhere.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";

/** Most promising first; empty when it has no idea. Pure. */
export function provoke(_hazard: Hazard, _program: Program): Provocation[] {
  return [];
}
