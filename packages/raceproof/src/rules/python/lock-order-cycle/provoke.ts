// One thread takes the locks in one order, the other in the other.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { provokeLocks } from "../lock-provocations.ts";

export function provokeCycle(hazard: Hazard, program: Program): Provocation[] {
  return provokeLocks(hazard, program);
}
