// A test for an entry and a store of it in, what speaks against their being harmful out: an entry that is filled when it is missing is
// often the same whoever fills it. Refusing what is there already is no filling: then only one of two threads may get through.
import { namesResource } from "../../../models/index.ts";
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import type { Doubt } from "../confidence.ts";
import { adds, removes } from "../container-operations.ts";
import { whyIdentityMatters } from "../made-identity.ts";
import { indexOf } from "../program-index.ts";

export interface Fill {
  readonly check: AccessFact;
  readonly test: TestFact;
  /** Where the entry is stored, or the call that does it. */
  readonly order: number;
}

export function doubtAboutFill(program: Program, act: AccessFact, fill: Fill): Doubt | undefined {
  if (!adds(act.operation) || !isValue(act) || refuses(program, fill)) return undefined;
  const isEqual = act.operation === "[]=" && isOnlyFilled(program, act) && isAsGoodAsEqual(program, act);
  return isEqual
    ? { steps: 2, because: "fills a missing entry that nobody takes away: two threads store equal values" }
    : { steps: 1, because: "filling a missing entry: harmless when both threads would store the same value" };
}

/** The call that acts on the answer does nothing else to the container than fill entries. */
export function doubtAboutFillingCall(program: Program, fill: Fill): Doubt | undefined {
  if (fill.check.operation !== "in" || !isOnlyFilled(program, fill.check) || refuses(program, fill)) return undefined;
  const isEqual = changesOf(program, fill.check).every((store) => isAsGoodAsEqual(program, store));
  return isEqual ? { steps: 2, because: "it fills missing entries that nobody takes away: two threads store equal values" } : undefined;
}

/** Not a thing of its own, which others would change, nor a count. */
function isValue({ stored }: AccessFact): boolean {
  return stored !== "fresh-container" && stored !== "fresh-object" && stored !== "counter";
}

/** `if key in items: raise`, unlike `if key in items: return items[key]` and `if key not in items: items[key] = make()`. */
function refuses(program: Program, { check, order, test }: Fill): boolean {
  const [from, to] = test.whenTrue;
  const isInside = (position: number): boolean => position >= from && position < to;
  if (!test.trueLeaves || isInside(order)) return false;
  const inBranch = indexOf(program)
    .accessesIn(check.functionId, check.location.key)
    .filter((access) => isInside(access.order));
  return !inBranch.some((access) => access.operation === "[]" && /^return\b/.test(program.sourceOf(access.statement)));
}

function isAsGoodAsEqual(program: Program, store: AccessFact): boolean {
  return !namesResource(store.location.path) && whyIdentityMatters(program, program.functions[store.functionId] as FunctionFact, store) === undefined;
}

/** A dictionary into which values are put, and from which nothing goes. */
function isOnlyFilled(program: Program, access: AccessFact): boolean {
  const changes = changesOf(program, access);
  return changes.length > 0 && changes.every((change) => change.operation === "[]=" && isValue(change));
}

function changesOf(program: Program, { location }: AccessFact): AccessFact[] {
  const all = program.locations.get(location.key)?.accesses ?? [];
  const isChange = ({ kind, operation }: AccessFact): boolean => kind === "write" || kind === "update" || adds(operation) || removes(operation);
  return all.filter((access) => access.sharing === "shared" && isChange(access));
}
