// A program in, fields that only one operation of their object uses out: it stores a value, and it or what it calls on the object takes
// the value from there, so nothing needs the field once the operation is over.
// Misses: fields that other operations look at as well. Over-reports: objects made for one operation that nothing shows to be.
import type { AccessFact, CallFact, FunctionFact, LocationFact, Program } from "../../../vocabulary/index.ts";
import { isElement } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { callAsAccess } from "../call-as-access.ts";
import { controls } from "../controlled-by.ts";
import { indexOf } from "../program-index.ts";
import { isOpenStore, isValueOfCall } from "./call-state.ts";
import type { CallState } from "./call-state.ts";
import { Steps } from "./steps.ts";

/** An operation is spread over this many of its object's functions at most; further calls down do something else. */
const mostUsers = 12;

export function operationStates(program: Program): CallState[] {
  const steps = new Steps(program);
  const places = indexOf(program).locationsDoing(openly(activity.store));
  const found = places.flatMap((place) => stateAt(program, place, steps) ?? []);
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
    return firstOf(writer.callers, (id) => {
      const fn = program.functions[id];
      return fn && isOperation(fn) && belongsTo(fn) ? storedBelow(program, fn, store, uses) : undefined;
    });
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
  return tests.some(
    ({ kind, whenTrue, whenFalse }) => kind === "if" && [whenTrue, whenFalse].some((branch) => isWithin(store.order, branch) && !isWithin(order, branch)),
  );
}

function isWithin(order: number, [from, to]: readonly [number, number]): boolean {
  return order >= from && order < to;
}

function readsOwn(program: Program, targets: readonly number[], key: string): boolean {
  return targets.some((target) => program.effectsOf(target).reads.has(key));
}

/** A step stores it for the operation, which uses it later; it always does so first, or a later step empties the field for the next one. */
function storedBelow(program: Program, fn: FunctionFact, store: AccessFact, uses: readonly AccessFact[]): Found | undefined {
  const call = fn.calls.find(({ targets }) => targets.includes(store.functionId));
  const use = call && useAfter(program, fn, call, uses);
  if (!use) return undefined;
  const empties = uses.filter(({ stored, kind }) => kind === "write" && stored === "none");
  if (!isFirst(program, fn, { call, store }) && !isEmptiedAfter(fn, use, empties)) return undefined;
  return { fn, main: use, later: [store, ...empties], why: "operation" };
}

/** Where the operation reads the field itself, or calls what does. */
function useAfter(program: Program, fn: FunctionFact, stored: CallFact, uses: readonly AccessFact[]): AccessFact | undefined {
  const own = uses.find((use) => use.functionId === fn.id && use.kind === "read" && use.order > stored.order);
  if (own) return own.lockset.length === 0 ? own : undefined;
  const field = uses[0];
  const call = fn.calls.find((each) => each.order > stored.order && field && readsOwn(program, each.targets, field.location.key));
  return call && field && call.lockset.length === 0 ? { ...callAsAccess(call, fn, "read", field), text: field.text } : undefined;
}

/** The step is made in every call of the operation, before anything looks at the field, and stores in every case. */
function isFirst(program: Program, fn: FunctionFact, { call, store }: { readonly call: CallFact; readonly store: AccessFact }): boolean {
  const step = program.functions[store.functionId] as FunctionFact;
  if (fn.tests.some((test) => controls(test, call.order)) || step.tests.some((test) => controls(test, store.order))) return false;
  const { key } = store.location;
  const looksBefore = fn.accesses.some(({ order, location }) => order < call.order && location.key === key);
  return !looksBefore && !fn.calls.some(({ order, targets }) => order < call.order && readsOwn(program, targets, key)) && !readsOwn(program, [step.id], key);
}

function isEmptiedAfter(fn: FunctionFact, { order }: AccessFact, empties: readonly AccessFact[]): boolean {
  if (empties.some((each) => each.functionId === fn.id && each.order > order)) return true;
  return fn.calls.some((each) => each.order > order && empties.some(({ functionId }) => each.targets.includes(functionId)));
}
