import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
export function provokeIteration(hazard: Hazard, program: Program): Provocation[] {
  void hazard;
  void program;
  return [];
}
