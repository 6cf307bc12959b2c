// Each thread sets its own value and reads it back, through the library's own reader when there is one.
import type { AccessFact, Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { entryPointsTo } from "../entry-points.ts";
import { factsOf, provocationsOf, sideOf, throughOf } from "../pair-provocations.ts";
import type { Side } from "../pair-provocations.ts";

export function provokeGlobal(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const { location } = hazard;
  const readers = entryPointsTo(
    program,
    facts.accesses.filter((access) => reads(access, facts.fn.module, program)),
    2,
  );
  const readBack = location.ownerKind === "module" ? [{ module: location.owner, qualifiedName: location.path }] : [];
  return facts.entries.flatMap((writer) => {
    const sides: Side[] = [...readers.map((reader) => sideOf(writer.fn, reader.fn)), { calls: [writer.fn], readBack }];
    return sides.flatMap((side) =>
      provocationsOf(program, {
        rationale: `${writer.fn.qualifiedName}, then ${location.display} read back`,
        left: side,
        right: side,
        prefix: [],
        modes: ["different", "same"],
        through: throughOf(writer),
      }),
    );
  });
}

/** Readers in the writer's own module answer with the value itself; others compute with it. */
function reads(access: AccessFact, module: string, program: Program): boolean {
  return access.kind === "read" && program.functions[access.functionId]?.module === module;
}
