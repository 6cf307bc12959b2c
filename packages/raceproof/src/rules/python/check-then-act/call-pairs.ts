// A function in, the pairs of calls in it that check and then change one shared container for the same key out.
// A check is a call in a condition that answers a question; the act is a call that the condition controls.
import type { CallFact, FunctionFact, LocationFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { controls, isInCondition } from "../controlled-by.ts";

export interface CallPair {
  readonly check: CallFact;
  readonly act: CallFact;
  readonly location: LocationFact;
}

/** Beyond this many calls between the function and the access, "the same container" stops meaning anything. */
const maximumDepth = 6;
const containers: ReadonlySet<string> = new Set(["dict", "set", "list", "deque"]);

/** At most one pair per function and container: the first check whose act reaches the container by the fewest calls. */
export function callPairsIn(program: Program, fn: FunctionFact): CallPair[] {
  const pairs = new Map<string, CallPair>();
  for (const test of fn.tests) {
    if (!leavesOrBranches(test)) continue;
    for (const check of fn.calls.filter((call) => isInCondition(call.order, test) && isQuestion(program, call))) {
      const pair = bestPair(program, fn, test, check);
      if (pair && !pairs.has(pair.location.location.key)) pairs.set(pair.location.location.key, pair);
    }
  }
  return [...pairs.values()];
}

function leavesOrBranches(test: TestFact): boolean {
  return test.kind === "if" && (test.trueLeaves || test.falseLeaves || test.whenTrue[1] > test.whenTrue[0]);
}

function isQuestion(program: Program, call: CallFact): boolean {
  return call.lockset.length === 0 && call.sharing === "shared" && call.targets.some((target) => program.functions[target]?.predicate === true);
}

function bestPair(program: Program, fn: FunctionFact, test: TestFact, check: CallFact): CallPair | undefined {
  let best: { readonly pair: CallPair; readonly depth: number } | undefined;
  for (const act of fn.calls) {
    if (!isActFor(test, check, act)) continue;
    const shared = sharedContainer(program, check, act);
    if (shared && (!best || shared.depth < best.depth)) best = { pair: { check, act, location: shared.location }, depth: shared.depth };
  }
  return best?.pair;
}

function isActFor(test: TestFact, check: CallFact, act: CallFact): boolean {
  if (!controls(test, act.order) || act.order <= check.order || act.lockset.length > 0 || act.handled.length > 0) return false;
  return check.origins.some((origin) => act.origins.includes(origin));
}

/** The container both calls reach with the fewest calls in between. */
function sharedContainer(program: Program, check: CallFact, act: CallFact): { location: LocationFact; depth: number } | undefined {
  let best: { location: LocationFact; depth: number } | undefined;
  for (const target of act.targets) {
    for (const [key, actDepth] of program.effectsOf(target).mutations) {
      const location = program.locations.get(key);
      if (!location || !containers.has(location.container)) continue;
      const depth = actDepth + checkDepth(program, check, key);
      if (depth <= maximumDepth && (!best || depth < best.depth)) best = { location, depth };
    }
  }
  return best;
}

/** A question that changes the container itself is none about it: both calls just happen to write the same log or cache. */
function checkDepth(program: Program, check: CallFact, key: string): number {
  const depths = check.targets.map((target) => {
    const effects = program.effectsOf(target);
    return effects.mutations.has(key) ? Number.POSITIVE_INFINITY : (effects.checks.get(key) ?? Number.POSITIVE_INFINITY);
  });
  return Math.min(Number.POSITIVE_INFINITY, ...depths);
}
