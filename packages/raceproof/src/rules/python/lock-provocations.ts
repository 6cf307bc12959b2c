// A hazard about locks in, calls that bring its functions together out: each against each, arguments exchanged where there are some.
import type { Hazard, Program, Provocation } from "../../vocabulary/index.ts";
import { entryPointsOf } from "./entry-points.ts";
import { crossProvocations, factsOf, selfProvocations } from "./pair-provocations.ts";

/** The hazard's function against the other functions it names, then against itself. */
export function provokeLocks(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const names = new Set(hazard.accesses.map((access) => `${access.span.file} ${access.function}`));
  const others = program.functions.filter((fn) => fn.id !== facts.fn.id && names.has(`${fn.span.file} ${fn.qualifiedName}`));
  const entries = others.flatMap((fn) => entryPointsOf(program, fn.id, 2)).slice(0, 3);
  const crossed = entries.length > 0 ? crossProvocations(program, facts.entries, entries, { modes: ["same", "different"] }) : [];
  return [...crossed, ...selfProvocations(program, facts.entries, { modes: ["same", "different"] })];
}
