// A function and its signals in, the stores that come after a signal although the other side looks at them out.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import { adds } from "../container-operations.ts";
import { areAlternatives, isPassedBy } from "../controlled-by.ts";
import type { Signal, SignalFinder } from "./signals.ts";

export interface LateStore {
  readonly signal: Signal;
  readonly store: AccessFact;
  /** What the other side does to the location. */
  readonly readers: readonly AccessFact[];
}

/** At most one per location: the first store after a signal. */
export function lateStoresIn(program: Program, fn: FunctionFact, finder: SignalFinder): LateStore[] {
  const own = fn.accesses.filter(isStore);
  const signals = own.length > 0 || fn.calls.length > 1 ? finder.signalsIn(fn) : [];
  if (signals.length === 0) return [];
  const all = signals.some(({ how }) => how === "started") ? [...own, ...storesByCalls(program, fn)] : own;
  const out = new Map<string, LateStore>();
  for (const signal of signals.filter((each) => !isFollowed(signals, each))) {
    for (const store of signal.how === "started" ? all : own) {
      if (out.has(store.location.key) || !isLate(fn, signal, store) || isReplaced(all, signal, store)) continue;
      const readers = signal.looksAt(store).filter((access) => access.functionId !== fn.id && looks(access) && !isHeldOver(signal, store, access));
      if (readers.length > 0) out.set(store.location.key, { signal, store, readers });
    }
  }
  return [...out.values()];
}

function isStore({ kind, operation, stored, sharing }: AccessFact): boolean {
  return sharing === "shared" && ((kind === "write" && operation === "=" && stored !== "none") || adds(operation));
}

/** Stores by functions that are called for it: `self._register(key, callback)`. */
function storesByCalls(program: Program, fn: FunctionFact): AccessFact[] {
  return fn.calls.flatMap((call) => {
    const callee = call.targets.length === 1 && !call.valueUsed && call.sharing === "shared" ? program.functions[call.targets[0] as number] : undefined;
    const stores = callee?.phase === "ordinary" ? callee.accesses.filter((access) => isStore(access) && adds(access.operation)) : [];
    return stores.map((store) => ({ ...callAsAccess(call, fn, store.kind, store), operation: store.operation, key: store.key }));
  });
}

function looks({ kind, operation }: AccessFact): boolean {
  return kind !== "write" || operation === "del[]";
}

/** One lock is held from the signal to the store, and the other side takes it. */
function isHeldOver({ call }: Signal, store: AccessFact, reader: AccessFact): boolean {
  return reader.lockset.some((lock) => call.lockset.includes(lock) && store.lockset.includes(lock));
}

/** The last request is the one whose answer is waited for; those before prepare it. */
function isFollowed(signals: readonly Signal[], { how, call }: Signal): boolean {
  return how === "asked" && signals.some((other) => other.how === "asked" && other.call.order > call.order);
}

function isLate(fn: FunctionFact, { call }: Signal, { order, span }: AccessFact): boolean {
  if (order <= call.order || span.line <= call.span.endLine) return false;
  return !isPassedBy(fn, call.order, order) && !areAlternatives(fn.tests, call.order, order);
}

/** A value that was there before, and is only replaced afterwards, does not come too late. */
function isReplaced(stores: readonly AccessFact[], { call }: Signal, store: AccessFact): boolean {
  return stores.some((earlier) => earlier.order < call.order && earlier.location.key === store.location.key);
}
