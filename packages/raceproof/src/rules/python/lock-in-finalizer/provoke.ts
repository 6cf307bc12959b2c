// The finalizer against the code that holds the lock; when the collector runs is not controlled.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { provokeLocks } from "../lock-provocations.ts";

export function provokeFinalizer(hazard: Hazard, program: Program): Provocation[] {
  return provokeLocks(hazard, program);
}
