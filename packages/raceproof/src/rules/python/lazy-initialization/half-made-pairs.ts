// A function in, the values out that it makes together on first use and stores in the wrong order: the one it asks for comes first, and
// whoever finds it there reads the other one too early. Misses: values of different objects. Over-reports: readers that cope with an absent one.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { isInCondition } from "../controlled-by.ts";
import { absentBranch, asksForPresence, fills, isWithin } from "./lazy-stores.ts";
import type { LazyStore } from "./lazy-stores.ts";

export function halfMadePairsIn(program: Program, fn: FunctionFact): LazyStore[] {
  return fn.accesses.flatMap((check) => {
    if (check.kind !== "check" || !isOpenSlot(check)) return [];
    const pair = pairBehind(program, fn, check);
    return pair ? [pair] : [];
  });
}

function isOpenSlot({ location, sharing, lockset }: AccessFact): boolean {
  return (location.ownerKind === "module" || location.ownerKind === "instance") && !location.path.endsWith("]") && sharing === "shared" && lockset.length === 0;
}

function pairBehind(program: Program, fn: FunctionFact, check: AccessFact): LazyStore | undefined {
  const store = fn.accesses.find((access) => fills(access, check) && access.lockset.length === 0);
  // A flag has a fault of its own.
  if (!store || store.container === "boolean") return undefined;
  const test = fn.tests.find((each) => each.kind === "if" && isInCondition(check.order, each) && asksForPresence(program, each, check));
  const branch = test && absentBranch(program, test, check);
  if (!branch || !isWithin(store.order, branch)) return undefined;
  const companion = fn.accesses.find((access) => isCompanion(access, store) && isWithin(access.order, branch) && !isStoredBefore(fn, access, store));
  const reads = companion ? readsOf(program, fn, companion, branch[1]) : [];
  return companion && reads.length > 0 ? { check, store, branch, fault: "half-made", late: [companion, ...reads] } : undefined;
}

/** Of the same module or object, and with a value that had to be made. */
function isCompanion({ kind, operation, stored, location, order }: AccessFact, store: AccessFact): boolean {
  if (kind !== "write" || operation !== "=" || order <= store.order || location.key === store.location.key) return false;
  if (location.ownerKind !== store.location.ownerKind || location.owner !== store.location.owner || location.path.endsWith("]")) return false;
  return stored !== "none" && stored !== "constant" && stored !== "saved";
}

function isStoredBefore({ accesses }: FunctionFact, companion: AccessFact, store: AccessFact): boolean {
  return accesses.some(({ location, order, kind }) => location.key === companion.location.key && order < store.order && kind === "write");
}

/** By the function itself after its test, or by functions that call it first; who asks whether it is there copes. */
function readsOf(program: Program, fn: FunctionFact, { location }: AccessFact, from: number): AccessFact[] {
  const after = (reader: FunctionFact, order: number): AccessFact[] => {
    const own = reader.accesses.filter((access) => access.location.key === location.key);
    return own.some(({ kind }) => kind === "check") ? [] : own.filter((access) => access.order > order && access.kind !== "write");
  };
  const callers = fn.callers.flatMap((id) => program.functions[id] ?? []);
  const throughCallers = callers.flatMap((caller) => {
    const call = caller.calls.find(({ targets }) => targets.includes(fn.id));
    return call ? after(caller, call.order) : [];
  });
  return [...after(fn, from - 1), ...throughCallers];
}
