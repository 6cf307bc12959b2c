// The method that goes past the lock against those that hold it, changes first; then against itself.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { holderKeyOf } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "../pair-provocations.ts";
import { changes } from "./guarded-fields.ts";

export function provokeUnguarded(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const holder = holderKeyOf(hazard.location);
  const field = [...program.locations.values()].filter(({ location }) => holderKeyOf(location) === holder).flatMap(({ accesses }) => accesses);
  const guarded = field.filter((access) => access.sharing === "shared" && access.lockset.length > 0 && access.functionId !== facts.fn.id);
  const changing = guarded.filter(changes);
  const others = entryPointsTo(program, changing.length > 0 ? changing : guarded, 3);
  return [
    ...crossProvocations(program, facts.entries, others, { modes: ["different", "same"] }),
    ...selfProvocations(program, facts.entries, { modes: ["different", "same"] }),
  ];
}
