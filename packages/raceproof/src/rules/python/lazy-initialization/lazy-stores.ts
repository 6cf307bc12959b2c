// A function in, the places out where it fills an attribute that it has just found empty, with what is wrong about each.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { adds } from "../container-operations.ts";
import { isInCondition } from "../controlled-by.ts";
import { absentAttributesIn } from "./absent-attributes.ts";
import { wornOutObjectsIn } from "./worn-out-objects.ts";

/**
 * unlocked: test and store without a lock. unchecked-again: stored under a lock that does not ask again.
 * worn-out: it is there, but says that it is of no use any more; replaced without a lock.
 * flag-first: the flag says "done" before the data is there. filled-twice: the flag follows, and two threads add all of the data.
 * half-made: of two values that are made together, the one that is asked for is stored first.
 */
export type Fault = "unlocked" | "unchecked-again" | "worn-out" | "flag-first" | "filled-twice" | "half-made";

export interface LazyStore {
  readonly check: AccessFact;
  readonly store: AccessFact;
  readonly fault: Fault;
  /** Byte range of the code that runs when the value was absent. */
  readonly branch: readonly [number, number];
  /** What the flag promises: filled after it is set, read by those who find it set; or filled before it is set, by whoever finds it unset. */
  readonly late: readonly AccessFact[];
}

/** At most one per attribute: the first. */
export function lazyStoresIn(program: Program, fn: FunctionFact): LazyStore[] {
  const stored = new Set(fn.accesses.flatMap((access) => (isFill(access) ? [access.location.key] : [])));
  if (stored.size === 0) return [];
  const found = new Map(wornOutObjectsIn(fn).map((lazy) => [lazy.store.location.key, lazy]));
  for (const check of fn.accesses) {
    if (!stored.has(check.location.key) || found.has(check.location.key) || !isOpen(check)) continue;
    const lazy = check.kind === "read" && isTried(check) ? lazyStoreAfter(fn, check) : lazyStoreTested(program, fn, check);
    if (lazy) found.set(check.location.key, lazy);
  }
  for (const store of absentAttributesIn(fn)) {
    if (!found.has(store.location.key)) found.set(store.location.key, { check: store, store, fault: "unlocked", branch: [store.order, store.order], late: [] });
  }
  return [...found.values()];
}

function lazyStoreTested(program: Program, fn: FunctionFact, check: AccessFact): LazyStore | undefined {
  for (const test of fn.tests) {
    if (test.kind !== "if" || !isInCondition(check.order, test) || !asksForPresence(program, test, check)) continue;
    const lazy = lazyStoreUnder(program, fn, test, check);
    if (lazy) return lazy;
  }
  return undefined;
}

function isOpen({ location, sharing, lockset }: AccessFact): boolean {
  return location.ownerKind === "instance" && !location.path.endsWith("]") && sharing === "shared" && lockset.length === 0;
}

/** `try: self._x` with AttributeError handled. */
function isTried({ operation, handled }: AccessFact): boolean {
  return operation === "read" && handled.includes("AttributeError");
}

/** The store stands outside of that `try`: in its handler. */
function lazyStoreAfter(fn: FunctionFact, check: AccessFact): LazyStore | undefined {
  const store = fn.accesses.find((access) => fills(access, check) && !access.handled.includes("AttributeError"));
  return store && store.lockset.length === 0 && store.container !== "boolean"
    ? { check, store, fault: "unlocked", branch: [store.order, store.order], late: [] }
    : undefined;
}

/** For None, for its truth, or for being the object that stands for "nothing yet". */
export function asksForPresence(program: Program, test: TestFact, { kind, operation, text }: AccessFact): boolean {
  if (kind === "check") return operation === "is-none" || operation === "truth";
  return operation === "read" && program.sourceOf(test.span).includes(`${text} is `);
}

function lazyStoreUnder(program: Program, fn: FunctionFact, test: TestFact, check: AccessFact): LazyStore | undefined {
  const store = fn.accesses.find((access) => fills(access, check) && mayBeControlled(test, access));
  if (!store) return undefined;
  const branch = absentBranch(program, test, check);
  if (!isWithin(store.order, branch)) return undefined;
  const asksAgain = fn.accesses.some(
    (access) =>
      access !== check && access.location.key === check.location.key && access.order > check.order && access.order < store.order && isQuestion(access),
  );
  if (store.lockset.length > 0) return asksAgain ? undefined : { check, store, branch, fault: "unchecked-again", late: [] };
  return store.container === "boolean" ? flaggedStore(program, fn, { check, store, branch }) : { check, store, branch, late: [], fault: "unlocked" };
}

function flaggedStore(program: Program, fn: FunctionFact, found: Pick<LazyStore, "check" | "store" | "branch">): LazyStore | undefined {
  const late = promisedData(program, fn, found.branch, found.store);
  if (late.length > 0) return { ...found, late, fault: "flag-first" };
  const early = fn.accesses.filter(({ order }) => order > found.check.order && order < found.store.order && isWithin(order, found.branch)).filter(addsToList);
  return early.length > 0 ? { ...found, late: early, fault: "filled-twice" } : undefined;
}

/** What is added twice is there twice; entries of a dict or set are not. */
function addsToList({ container, operation, sharing, lockset }: AccessFact): boolean {
  return (container === "list" || container === "deque") && adds(operation) && operation !== "[]=" && sharing === "shared" && lockset.length === 0;
}

export function fills(access: AccessFact, check: AccessFact): boolean {
  return isFill(access) && access.location.key === check.location.key && access.order > check.order && access.text === check.text;
}

function isFill({ kind, operation, stored, sharing }: AccessFact): boolean {
  return kind === "write" && operation === "=" && stored !== "none" && sharing === "shared";
}

function isQuestion(access: AccessFact): boolean {
  return access.lockset.length > 0 && (access.kind === "check" || access.operation === "read");
}

function mayBeControlled(test: TestFact, { order }: AccessFact): boolean {
  return isWithin(order, test.whenTrue) || isWithin(order, test.whenFalse) || isWithin(order, test.after);
}

export function isWithin(order: number, [from, to]: readonly [number, number]): boolean {
  return order >= from && order < to;
}

/** `if not x:` and `if x is None:` lead to it when true; `if x:` and `if x is not None:` when false, or afterwards. */
export function absentBranch(program: Program, test: TestFact, check: AccessFact): readonly [number, number] {
  const text = program.sourceOf(test.span);
  const at = text.indexOf(check.text);
  const asked = text.slice(at + check.text.length, at + check.text.length + 12);
  const saysNone = /^ (is (?!not )|== None\b)/.test(asked);
  const saysSome = /^ (is not |!= None\b)/.test(asked);
  const absentWhenTrue = saysNone || (!saysSome && text.slice(0, at).endsWith("not "));
  if (absentWhenTrue) return test.falseLeaves ? [test.whenTrue[0], Math.max(test.whenTrue[1], test.after[1])] : test.whenTrue;
  return test.trueLeaves ? [test.whenTrue[1], Math.max(test.whenFalse[1], test.after[1])] : test.whenFalse;
}

/** Locations filled after the flag is set and read where a set flag leads to. */
function promisedData(program: Program, fn: FunctionFact, branch: readonly [number, number], flag: AccessFact): AccessFact[] {
  const reads = fn.accesses.filter((access) => access.order >= branch[1] && access.location.key !== flag.location.key && access.kind !== "write");
  if (reads.length === 0) return [];
  const isLate = (order: number): boolean => order > flag.order && order < branch[1];
  const filled = new Set(
    fn.accesses.flatMap((access) => (isLate(access.order) && access.kind !== "read" && access.kind !== "check" ? access.location.key : [])),
  );
  const callees = fn.calls.flatMap((call) => (isLate(call.order) ? call.targets : []));
  return reads.filter((read) => filled.has(read.location.key) || callees.some((target) => program.effectsOf(target).writes.has(read.location.key)));
}
