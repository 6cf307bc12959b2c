// Both threads enter what the lock should have kept them from.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { provokeLocks } from "../lock-provocations.ts";

export function provokeUnprotected(hazard: Hazard, program: Program): Provocation[] {
  return provokeLocks(hazard, program);
}
