// A program in, fields that only one operation of their object uses out: it stores a value, and it or what it calls on the object takes
// the value from there, so nothing needs the field once the operation is over.
// Misses: fields that other operations look at as well. Over-reports: objects made for one operation that nothing shows to be.
import type { AccessFact, FunctionFact, LocationFact, Program } from "../../../vocabulary/index.ts";
import { isElement } from "../../../vocabulary/index.ts";
import { isOpenStore, isValueOfCall } from "./call-state.ts";
import type { CallState } from "./call-state.ts";
import { Steps } from "./steps.ts";

/** An operation is spread over this many of its object's functions at most; further calls down do something else. */
const mostUsers = 12;

export function operationStates(program: Program): CallState[] {
  const steps = new Steps(program);
  const found = [...program.locations.values()].flatMap((location) => stateAt(program, location, steps) ?? []);
  const counts = new Map<number, number>();
  for (const { fn } of found) counts.set(fn.id, (counts.get(fn.id) ?? 0) + 1);
  return found.map((state) => ({ ...state, siblings: counts.get(state.fn.id) ?? 1 }));
}

type Found = Omit<CallState, "siblings">;

function stateAt(program: Program, place: LocationFact, steps: Steps): Found | undefined {
  const { location, container } = place;
  if (location.ownerKind !== "instance" || isElement(location) || container === "lock" || container === "thread-local") return undefined;
  const uses = place.accesses.filter(({ sharing }) => sharing === "shared");
  const stores = uses.filter(isOpenStore);
  if (stores.length === 0 || stores.length === uses.length || !uses.every(({ text }) => /^self\.\w+$/.test(text))) return undefined;
  const values = stores.filter(isValueOfCall);
  const users = [...new Set(uses.map(({ functionId }) => functionId))];
  if (users.length > mostUsers) return undefined;
  const belongsTo = (fn: FunctionFact): boolean => users.every((id) => steps.of(fn).has(id));
  return firstOf(values, (store) => {
    const writer = program.functions[store.functionId] as FunctionFact;
    if (belongsTo(writer)) return storedHere(program, writer, store, uses);
    const callers = writer.callers.flatMap((id) => program.functions[id] ?? []);
    return firstOf(callers.filter((fn) => isOperation(fn) && belongsTo(fn)), (fn) => storedBelow(fn, store, uses));
  });
}

function firstOf<T, R>(list: readonly T[], find: (each: T) => R | undefined): R | undefined {
  for (const each of list) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isOperation(fn: FunctionFact): boolean {
  return fn.phase === "ordinary" && (fn.role === "method" || fn.role === "property");
}

/** The operation stores the value itself, whatever the field held before, and uses it afterwards. */
function storedHere(program: Program, fn: FunctionFact, store: AccessFact, uses: readonly AccessFact[]): Found | undefined {
  if (!isOperation(fn)) return undefined;
  const key = store.location.key;
  const own = uses.filter(({ functionId, kind }) => functionId === fn.id && kind !== "write");
  if (own.some((use) => use.order < store.order || use.statement.line === store.statement.line)) return undefined;
  const readingCalls = fn.calls.filter((call) => readsOwn(program, call.targets, key));
  const points = [...own, ...readingCalls].map(({ order }) => order);
  if (!points.some((order) => order > store.order) || points.some((order) => mayMeetAnEarlierOne(fn, store, order))) return undefined;
  return { fn, main: store, later: uses.filter(({ id, kind }) => id !== store.id && kind !== "write"), why: "operation" };
}

/** Reached without the store: what is read there may be left from another call, as it is meant to be. */
function mayMeetAnEarlierOne({ tests }: FunctionFact, store: AccessFact, order: number): boolean {
  if (order < store.order) return true;
  return tests.some(({ kind, whenTrue, whenFalse }) =>
    kind === "if" && [whenTrue, whenFalse].some((branch) => isWithin(store.order, branch) && !isWithin(order, branch)),
  );
}

function isWithin(order: number, [from, to]: readonly [number, number]): boolean {
  return order >= from && order < to;
}

function readsOwn(program: Program, targets: readonly number[], key: string): boolean {
  return targets.some((target) => program.effectsOf(target).reads.has(key));
}

/** A step stores it, the operation reads it, and a later step empties the field for the next one. */
function storedBelow(fn: FunctionFact, store: AccessFact, uses: readonly AccessFact[]): Found | undefined {
  const call = fn.calls.find(({ targets }) => targets.includes(store.functionId));
  const read = uses.find((use) => use.functionId === fn.id && use.kind === "read" && use.lockset.length === 0 && use.order > (call?.order ?? Number.POSITIVE_INFINITY));
  const empties = uses.filter(({ stored, kind }) => kind === "write" && stored === "none");
  if (!read || empties.length === 0) return undefined;
  const isEmptied = fn.calls.some((each) => each.order > read.order && empties.some(({ functionId }) => each.targets.includes(functionId)));
  if (!isEmptied && !empties.some((each) => each.functionId === fn.id && each.order > read.order)) return undefined;
  return { fn, main: read, later: [store, ...empties], why: "operation" };
}
