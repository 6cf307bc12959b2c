// One thread waits with the lock in hand, the other needs it.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { provokeLocks } from "../lock-provocations.ts";

export function provokeWait(hazard: Hazard, program: Program): Provocation[] {
  return provokeLocks(hazard, program);
}
