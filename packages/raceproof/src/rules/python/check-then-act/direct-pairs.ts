// A function in, its checks of a shared container that a later access in the same function relies on out.
// The check stands in a condition, or its answer is carried there in a local name.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { adds, needsElement, removes } from "../container-operations.ts";
import { interferingWith } from "../hazard-draft.ts";
import { controls, isInCondition } from "../controlled-by.ts";

export interface DirectPair {
  readonly check: AccessFact;
  readonly act: AccessFact;
  readonly test: TestFact;
}

/** `checks`: the function's open checks of containers, and look-ups in them. */
export function directPairsIn(program: Program, fn: FunctionFact, checks: readonly AccessFact[]): DirectPair[] {
  return fn.tests.flatMap((test) => checks.filter((check) => decides(check, test)).flatMap((check) => actsOn(program, fn, check, test)));
}

function actsOn(program: Program, fn: FunctionFact, check: AccessFact, test: TestFact): DirectPair[] {
  return fn.accesses.filter((act) => controls(test, act.order) && isActOn(program, check, act)).map((act) => ({ check, act, test }));
}

/** Membership, truth or length of a container, with no lock held. Weak values vanish by themselves, under any lock: another shape. */
export function isOpenCheck(access: AccessFact): boolean {
  if (access.kind !== "check") return false;
  if (access.container === "weak-values") return false;
  const existence =
    access.operation === "in" || access.operation === "present" || ((access.operation === "truth" || access.operation === "len") && isContainer(access));
  return existence && access.sharing === "shared" && access.lockset.length === 0;
}

/** `items.get(key)`, whose answer may be None. */
export function isOpenLookup({ operation, container, sharing, lockset }: AccessFact): boolean {
  return operation === "get" && container !== "weak-values" && sharing === "shared" && lockset.length === 0;
}

/** `if key in items`, or `there = key in items` and later `if there`. */
export function decides(check: AccessFact, test: TestFact): boolean {
  if (isInCondition(check.order, test)) return true;
  if (check.order > test.condition[0] || test.kind !== "if") return false;
  return test.origins.includes(check.operation === "get" ? `call@${check.order}` : check.text) && (check.operation === "get" || check.operation === "in");
}

function isContainer(access: AccessFact): boolean {
  return access.container === "dict" || access.container === "list" || access.container === "set" || access.container === "deque";
}

function isActOn(program: Program, check: AccessFact, act: AccessFact): boolean {
  if (!isSameContainer(check, act) || act.sharing !== "shared" || act.lockset.length > 0) return false;
  if (act.operation.startsWith("heapq.") || handlesMissing(act.handled) || areTwoObjects(check.text, act.text)) return false;
  return followsFrom(program, check, act);
}

function followsFrom(program: Program, check: AccessFact, act: AccessFact): boolean {
  switch (check.operation) {
    case "in":
      return sameKey(check, act) && (adds(act.operation) || reliesOnPresence(program, check, act));
    case "get":
      if (act.key !== check.key) return false;
      return act.operation === "del[]" || act.operation === "remove" || (act.operation === "[]" && reliesOnPresence(program, check, act));
    case "present":
      return act.operation === "del";
    default:
      return reliesOnPresence(program, check, act);
  }
}

function reliesOnPresence(program: Program, check: AccessFact, act: AccessFact): boolean {
  const asksAgain = act.operation === "get" && check.operation === "in";
  if (!asksAgain && !needsElement(act.operation)) return false;
  // Reading what was just seen fails only if somebody removes elements.
  return (
    (!asksAgain && act.kind !== "read") ||
    interferingWith(program, check, (other) => removes(other.operation) || (startsAfresh(program, other) && !isLocalName(act))).length > 0
  );
}

/** `items = self.items` before: another object in the attribute is nothing to the local name. */
function isLocalName({ text, location }: AccessFact): boolean {
  return !text.includes(".") && location.ownerKind !== "module";
}

/** `self.items = []`: all elements are gone; `self.items = [self.items]` keeps them. */
function startsAfresh(program: Program, { kind, operation, stored, statement }: AccessFact): boolean {
  if (kind !== "write" || operation !== "=") return false;
  return stored === "none" || (stored === "fresh-container" && /=\s*(\[\]|\{\}|[\w.]+\(\)|[\w.]*(deque|defaultdict)\(.*\))$/.test(program.sourceOf(statement)));
}

/** The container, or the element of it that a constant index names: a location of its own. */
function isSameContainer(check: AccessFact, act: AccessFact): boolean {
  return act.location.key === check.location.key || (act.key !== undefined && act.location.key === `${check.location.key}[${act.key}]`);
}

/** `self.items` and `other.items`: one location, but not one container. Longer paths may meet: `fs` may be `self.fs`. */
function areTwoObjects(first: string, second: string): boolean {
  const [one, two] = [first, second].map((text) => /^(\w+)\.\w+$/.exec(text)?.[1]);
  return one !== undefined && two !== undefined && one !== two;
}

/** What a container of Python raises when the element is not there. */
/** A handler around it catches what containers raise. */
export function handlesMissing(handled: readonly string[]): boolean {
  return handled.some((exception) => exception === "*" || /(^|\.)(KeyError|IndexError|LookupError|ValueError)$/.test(exception));
}

/** The same of a call, which may say it in its own words. */
export function handlesAbsence(handled: readonly string[]): boolean {
  return handlesMissing(handled) || handled.some((exception) => /(^|\.)(FileExistsError|OSError)$/.test(exception));
}

function sameKey(check: AccessFact, act: AccessFact): boolean {
  return check.key === act.key || check.origins.some((origin) => act.origins.includes(origin));
}
