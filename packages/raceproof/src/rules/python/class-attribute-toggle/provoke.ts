import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
export function provokeToggle(hazard: Hazard, program: Program): Provocation[] {
  void hazard;
  void program;
  return [];
}
