// Setters and resetters of a module global called by two methods of one class: the object borrows the global for its lifetime.
// What enters: a program. What leaves: per method and global the call that sets it, and the call of another method that undoes it.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";

export interface BorrowedGlobal {
  readonly fn: FunctionFact;
  readonly call: CallFact;
  /** The store that the called function makes. */
  readonly store: AccessFact;
  /** The later half, in another method. */
  readonly undo: { readonly fn: FunctionFact; readonly call: CallFact };
}

interface SettingCall {
  readonly fn: FunctionFact;
  readonly call: CallFact;
  readonly store: AccessFact;
}

type StoresByFunction = ReadonlyMap<number, readonly AccessFact[]>;

/** `stores`: the unguarded stores to globals that functions make themselves. */
export function borrowedGlobals(program: Program, stores: StoresByFunction): BorrowedGlobal[] {
  const setters = settersOf(program, stores);
  const byClass = new Map<string, SettingCall[]>();
  const callers = new Set([...setters.keys()].flatMap((id) => program.functions[id]?.callers ?? []));
  for (const id of callers) {
    const fn = program.functions[id];
    if (fn?.owner === undefined || fn.phase === "import") continue;
    const found = settingCallsIn(fn, setters);
    if (found.length > 0) byClass.set(fn.owner, [...(byClass.get(fn.owner) ?? []), ...found]);
  }
  return [...byClass.values()].flatMap((calls) => pairsAmong(program, calls));
}

/** Module-level functions that store to a global, or call one that does. */
function settersOf(program: Program, stores: StoresByFunction): Map<number, readonly AccessFact[]> {
  const isFree = (fn: FunctionFact | undefined): boolean => fn !== undefined && fn.owner === undefined && fn.phase === "ordinary";
  const direct = new Map([...stores].filter(([id]) => isFree(program.functions[id])));
  const out = new Map(direct);
  for (const [id] of direct) {
    for (const caller of program.functions[id]?.callers ?? []) {
      const fn = program.functions[caller];
      if (fn && isFree(fn)) out.set(caller, [...(direct.get(caller) ?? []), ...settingCallsIn(fn, direct).map(({ store }) => store)]);
    }
  }
  return out;
}

function settingCallsIn(fn: FunctionFact, setters: StoresByFunction): SettingCall[] {
  return fn.calls.flatMap((call) => {
    const [target] = call.targets;
    if (target === undefined || call.targets.length > 1 || call.lockset.length > 0) return [];
    return (setters.get(target) ?? []).map((store) => ({ fn, call, store }));
  });
}

/** Two different functions that store to one global, called by two methods: the first in the file sets, the other one undoes. */
function pairsAmong(program: Program, calls: readonly SettingCall[]): BorrowedGlobal[] {
  return calls.flatMap(({ fn, call, store }) => {
    if (!storesWhatItIsGiven(program, store)) return [];
    const undo = calls.find(
      (other) =>
        other.fn.id !== fn.id && other.call.order > call.order && other.store.location.key === store.location.key && other.call.targets[0] !== call.targets[0],
    );
    return undo ? [{ fn, call, store, undo }] : [];
  });
}

/** Caches, and choices made once, are no settings. */
function storesWhatItIsGiven(program: Program, store: AccessFact): boolean {
  return program.functions[store.functionId]?.parameters.some(({ name }) => store.origins.includes(name)) === true;
}
