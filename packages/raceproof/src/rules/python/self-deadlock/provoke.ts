// The call that takes the lock twice; one thread is enough.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { provokeLocks } from "../lock-provocations.ts";

export function provokeSecondTake(hazard: Hazard, program: Program): Provocation[] {
  return provokeLocks(hazard, program);
}
