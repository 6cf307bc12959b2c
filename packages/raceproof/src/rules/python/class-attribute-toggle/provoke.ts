// Both threads change the attribute and read it back: each must see what it set, as when it runs alone.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { factsOf, provocationsOf, throughOf } from "../pair-provocations.ts";

export function provokeToggle(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  const cls = program.classes.get(hazard.location.owner);
  if (!facts || !cls) return [];
  const readBack = [{ module: cls.module, qualifiedName: `${cls.qualifiedName}.${hazard.location.path}` }];
  const others = entryPointsTo(
    program,
    facts.accesses.filter((access) => access.kind !== "read" && access.functionId !== facts.fn.id),
    2,
  );
  return facts.entries.flatMap((left) =>
    [left, ...others].flatMap((right) =>
      provocationsOf(program, {
        rationale: `${left.fn.qualifiedName} against ${right.fn.qualifiedName}, reading ${hazard.location.display} back`,
        left: { calls: [left.fn], readBack },
        right: { calls: [right.fn], readBack },
        prefix: [],
        modes: ["same", "different"],
        through: throughOf(left, right),
      }),
    ),
  );
}
