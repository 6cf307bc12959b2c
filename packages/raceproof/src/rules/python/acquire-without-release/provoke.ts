// The path that keeps the lock, then somebody who needs it.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { provokeLocks } from "../lock-provocations.ts";

export function provokeLeak(hazard: Hazard, program: Program): Provocation[] {
  return provokeLocks(hazard, program);
}
