// A function in, its tests for an empty table that it then fills in place out: `if not table: for ...: table[key] = value`. Who asks meanwhile finds the table
// partly filled and takes it for complete; two who ask first fill a list twice. Misses: tables that several functions fill, tests of a flag beside the table.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { beliefInSharing } from "../confidence.ts";
import { adds } from "../container-operations.ts";
import { isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";

/** At most one per table. */
export function filledWhenEmptyIn(program: Program, fn: FunctionFact, checks: readonly AccessFact[]): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const check of checks) {
    const { key } = check.location;
    if (out.has(key) || (check.operation !== "truth" && check.operation !== "len")) continue;
    const draft = draftOf(program, fn, check);
    if (draft) out.set(key, draft);
  }
  return [...out.values()];
}

function draftOf(program: Program, fn: FunctionFact, check: AccessFact): HazardDraft | undefined {
  const test = fn.tests.find((each) => each.kind === "if" && isInCondition(check.order, each));
  if (!test) return undefined;
  const own = indexOf(program).accessesIn(fn.id, check.location.key);
  const isWhenEmpty = whenEmpty(program, test, check);
  const fills = own.filter((access) => isWhenEmpty(access.order) && access.text === check.text && access.lockset.length === 0 && adds(access.operation));
  const [first] = fills;
  if (!first || !fills.some((fill) => isStepOfMany(fn, fill, fills)) || !isFilledHereAlone(program, fn, check) || !isLookedAt(program, check, fills))
    return undefined;
  return {
    main: check,
    sequence: [check, first],
    interfering: fills,
    ...beliefInSharing(program, check),
    message: `${check.text} is filled when it is empty, entry by entry (line ${first.span.line}): another thread finds it partly filled and takes it for complete`,
  };
}

/** The part of the function that is reached with an empty table. */
function whenEmpty(
  program: Program,
  { condition, span, whenTrue, whenFalse, after, trueLeaves, falseLeaves }: TestFact,
  { text }: AccessFact,
): (order: number) => boolean {
  const asked = program.textOf(span);
  const at = asked.indexOf(text);
  const rest = asked.slice(at + text.length);
  const isNegated = /\bnot\s+(?:len\()?$/.test(asked.slice(0, at)) || /^\)?\s*(?:==\s*0|<\s*1)\b/.test(rest);
  // A length that is compared with something else says nothing about emptiness.
  if (!isNegated && /^\)?\s*(?:[<=]|>=?\s*(?!0\b)|!=\s*(?!0\b))/.test(rest)) return () => false;
  const [own, leaves] = isNegated ? [whenTrue, falseLeaves] : [whenFalse, trueLeaves];
  return (order) => order > condition[1] && (isWithin(order, own) || (leaves && isWithin(order, after)));
}

function isWithin(order: number, [from, to]: readonly [number, number]): boolean {
  return order >= from && order < to;
}

/** One of several entries: a key that a loop gives, or the second of two. */
function isStepOfMany(fn: FunctionFact, fill: AccessFact, fills: readonly AccessFact[]): boolean {
  if (fill.operation === "update" || fill.operation === "extend") return fills.length > 1;
  if (fill.container === "list" || fill.container === "deque") return true;
  return fills.length > 1 || (fill.key !== undefined && /^[A-Za-z_]\w*$/.test(fill.key) && !fn.parameters.some(({ name }) => name === fill.key));
}

/** What others add to is a collection, whose first entries these are. */
function isFilledHereAlone(program: Program, { id }: FunctionFact, { location }: AccessFact): boolean {
  const accesses = program.locations.get(location.key)?.accesses ?? [];
  return accesses.every(({ functionId, sharing, operation }) => functionId === id || sharing !== "shared" || !adds(operation));
}

function isLookedAt(program: Program, check: AccessFact, fills: readonly AccessFact[]): boolean {
  return indexOf(program)
    .reachable(check.location.key)
    .some((access) => access.id !== check.id && !fills.includes(access) && access.kind !== "write");
}
