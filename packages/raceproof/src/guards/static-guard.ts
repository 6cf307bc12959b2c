// Shapes and names in, one self-contained Python file out: a pytest test and a program that check by syntax alone.
// The checker's text is handed in; what the shapes look like stands there, which rules they belong to in the rules' metadata.
// Misses: locks held by callers; the file tells people to waive such places with the reason.
import type { RuleMetadata } from "../vocabulary/index.ts";
import { UserError } from "../vocabulary/index.ts";
import { pythonLiteral } from "./python-literal.ts";

export interface StaticGuardRequest {
  /** Top-level modules to check. */
  readonly modules: readonly string[];
  /** Ids of the rules to guard. */
  readonly rules: readonly string[];
  /** Every rule there is. */
  readonly known: readonly RuleMetadata[];
  /** "x" an attribute or global, "[k]" a key, "Cls.method:x" only there; wildcards allowed; none means every name. */
  readonly names: readonly string[];
  /** Places that are there and may stay, as the checker names them, with how many there are. */
  readonly accepted: Readonly<Record<string, number>>;
  /** Text of the checker. */
  readonly checker: string;
}

/** What counts as a lock by its name, besides what the file itself makes with threading.Lock() and the like. */
const lockNames = String.raw`lock|mutex|cond(ition)?$|semaphore|synchron`;

/** @throws UserError for a rule that syntax alone cannot guard */
export function renderStaticGuard({ modules, rules, known, names, accepted, checker }: StaticGuardRequest): string {
  const guardable = known.filter(({ guardedShape }) => guardedShape !== undefined);
  const chosen = guardable.filter(({ id }) => rules.includes(id));
  const other = rules.filter((id) => !chosen.some((rule) => rule.id === id));
  if (other.length > 0)
    throw new UserError(`syntax alone cannot guard ${other.join(", ")}`, `Rules with a static guard: ${guardable.map(({ id }) => id).join(", ")}.`);
  const settings = {
    modules,
    shapes: chosen.map(({ guardedShape }) => guardedShape),
    names,
    locks: lockNames,
    accepted,
    all_shapes: Object.fromEntries(guardable.map(({ id, guardedShape }) => [guardedShape, id])),
  };
  return `# Written by \`raceproof guard --static\`. "accepted" may hold places that were there before: {"FILE::FUNCTION SHAPE NAME": COUNT}.
CONFIG = ${pythonLiteral(settings)}

${checker}`;
}
