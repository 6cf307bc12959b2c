// One function's accesses of a guarded field in, the use that lacks the guard out, with what speaks against its being harmful.
import { namesSetUp } from "../../../models/index.ts";
import { compareSpans, holderKeyOf } from "../../../vocabulary/index.ts";
import type { AccessFact, FunctionFact, Location, Program } from "../../../vocabulary/index.ts";
import type { Doubt } from "../confidence.ts";
import { removes } from "../container-operations.ts";
import { storesWhatIsHandedIn } from "../sole-setter.ts";
import { changes } from "./guarded-fields.ts";
import type { GuardedField } from "./guarded-fields.ts";
import { isUsedWhileClosed } from "./used-objects.ts";

export interface UnguardedUse {
  readonly fn: FunctionFact;
  readonly field: GuardedField;
  /** The access to look at. */
  readonly main: AccessFact;
  /** All accesses of the field in this function that lack the guard. */
  readonly accesses: readonly AccessFact[];
}

/** Uses of the field without its guard, one per function. */
export function unguardedUsesOf(program: Program, field: GuardedField): UnguardedUse[] {
  const byFunction = new Map<number, AccessFact[]>();
  for (const access of field.accesses) {
    if (access.lockset.includes(field.guard)) continue;
    const known = byFunction.get(access.functionId);
    if (known) known.push(access);
    else byFunction.set(access.functionId, [access]);
  }
  return [...byFunction].flatMap(([id, accesses]) => {
    const fn = program.functions[id];
    if (!fn || isExcused(program, fn, field.guard)) return [];
    const main = accesses.find(changes) ?? accesses.find(({ kind }) => kind === "iterate") ?? accesses[0];
    return main ? [{ fn, field, main, accesses }] : [];
  });
}

/** Nobody else is there, or the callers hold the guard. */
export function isExcused(program: Program, fn: FunctionFact, guard: string): boolean {
  return isCalledUnderLock(fn) || reinitializes(fn) || overridesSafeHook(program, fn, guard);
}

/** The name says that callers hold the lock. */
function isCalledUnderLock({ qualifiedName }: FunctionFact): boolean {
  return /_(un)?locked$|_no_?lock$|_(without|with|under|holding)_lock$|_lock_held$|\._?(unsafe|unlocked|locked|nolock)_/.test(qualifiedName);
}

/** A private method that its base class calls while it is being built, or under the lock. */
function overridesSafeHook(program: Program, fn: FunctionFact, guard: string): boolean {
  if (fn.public || fn.owner === undefined) return false;
  const name = fn.qualifiedName.slice(fn.qualifiedName.lastIndexOf(".") + 1);
  return program
    .lineageOf(fn.owner)
    .slice(1)
    .some(({ methods }) => {
      const base = program.functions[methods.get(name) ?? -1];
      return base !== undefined && (base.phase === "construction" || base.entryLockset.includes(guard));
    });
}

/** After a fork there is one thread; a finalizer has the object to itself. */
function reinitializes({ qualifiedName }: FunctionFact): boolean {
  return /fork|\.(__del__|__reduce__|__reduce_ex__)$/.test(qualifiedName);
}

/** What speaks against harm, strongest first. */
export function doubtsAbout(program: Program, use: UnguardedUse): (Doubt | undefined | false)[] {
  const { fn, field, main, accesses } = use;
  const reads = !accesses.some(changes);
  return [
    disciplineDoubt(field, isLockOf(program, fn, main.location, field.guard)),
    reads ? readDoubt(program, use) : storeDoubt(program, use),
    isOfTasks(program, field) && { steps: 2, because: `${field.guard} is held by tasks of one event loop, which switch at await only` },
    setsUp(use) && { steps: 1, because: `${fn.qualifiedName} sets the object up: perhaps before other threads use it` },
    isDisplay(fn) && { steps: 1, because: `${fn.qualifiedName} only shows what it finds` },
    main.lockset.length > 0 && { steps: 1, because: `it holds ${main.lockset.join(", ")} instead, which may be enough` },
    /[(."']\w*\(/.test(field.guard) && { steps: 1, because: `${field.guard} is known by its text alone` },
  ];
}

function disciplineDoubt({ guard, functions, disciplined, guarded }: GuardedField, ownLock: boolean): Doubt | undefined {
  if (!ownLock) return { steps: 2, because: `${guard} belongs to another object` };
  if (!guarded.some(changes)) {
    const isLookedAt = guarded.some(({ kind, operation }) => kind === "iterate" || kind === "check" || operation !== "read");
    return { steps: isLookedAt ? 1 : 2, because: `no change is made under ${guard}: it may be held for something else` };
  }
  if (disciplined * 2 >= functions - 1) return undefined;
  return { steps: disciplined * 4 >= functions ? 1 : 2, because: `only ${disciplined} of ${functions} functions that use it always hold ${guard}` };
}

/** A lock of the object, of its class or module, or of the object whose method this is. */
export function isLockOf(program: Program, fn: FunctionFact, { ownerKind, owner: holder }: Location, guard: string): boolean {
  const owner = guard.slice(0, guard.lastIndexOf("."));
  const module = ownerKind === "module" ? holder : holder.slice(0, holder.indexOf(":"));
  if (owner === module.split(".").at(-1)) return true;
  // A subclass may bring the lock for the fields of its base.
  const receiver = fn.owner !== undefined && program.lineageOf(fn.owner).some(({ key }) => key === holder) ? fn.owner : holder;
  return program.lineageOf(receiver).some((cls) => cls.qualifiedName === owner);
}

function isOfTasks(program: Program, { guarded }: GuardedField): boolean {
  return guarded.every(({ functionId }) => program.functions[functionId]?.eventLoopOnly === true);
}

/** Stores whole values, in a function that prepares the object for use. */
function setsUp({ fn, accesses }: UnguardedUse): boolean {
  const stores = accesses.filter(changes);
  if (stores.length === 0 || stores.some(({ kind, operation }) => kind !== "write" || operation !== "=")) return false;
  return namesSetUp(fn.qualifiedName);
}

function isDisplay({ qualifiedName }: FunctionFact): boolean {
  return /\.__(repr|str|len|bool|contains|format|sizeof|hash|eq)__$/.test(qualifiedName);
}

function storeDoubt(program: Program, { field, accesses }: UnguardedUse): Doubt | undefined {
  const stores = accesses.filter(changes);
  if (stores.some((store) => store.kind !== "write" || store.operation !== "=")) return undefined;
  if (stores.some(({ stored }) => stored === "fresh-container" || stored === "counter" || stored === "derived")) return undefined;
  const all = field.accesses.filter(changes);
  const isFlag = all.every(({ stored }) => stored === "constant");
  if (isFlag) return { steps: 2, because: "a flag: every store is of a constant, and one store is atomic" };
  if (isSetting(program, field)) return { steps: 2, because: "a setting: every store is of a whole value, and every use reads it once" };
  if (stores.every(({ stored }) => stored === "constant")) return { steps: 1, because: "one store of a constant is atomic" };
  if (stores.every(({ stored }) => stored === "none") && isTestedWhereUsed(program, field)) {
    return { steps: 1, because: "taken away in one atomic store, and others test for None" };
  }
  return stores.some(({ stored }) => stored === "none") ? undefined : { steps: 1, because: "one store is atomic: the last writer wins" };
}

/** Set from outside by what is handed in, and looked up by the others once each. */
function isSetting(program: Program, { accesses }: GuardedField): boolean {
  const readers = new Set<number>();
  return accesses.every((access) => {
    const fn = program.functions[access.functionId] as FunctionFact;
    if (changes(access)) return access.kind === "write" && access.operation === "=" && storesWhatIsHandedIn(fn, access);
    const isFirst = access.kind === "read" && access.operation === "read" && !readers.has(fn.id);
    readers.add(fn.id);
    return isFirst;
  });
}

function isTestedWhereUsed(program: Program, { guarded }: GuardedField): boolean {
  return guarded.every((access) => changes(access) || access.kind === "check" || program.functions[access.functionId]?.tests.length !== 0);
}

function readDoubt(program: Program, use: UnguardedUse): Doubt | undefined {
  const { fn, field, accesses } = use;
  const locked = field.guarded.filter((access) => access.functionId === fn.id);
  if (locked.length > 0) {
    const looksAgain = locked.some((access) => !changes(access));
    return looksAgain || !isChecked(use)
      ? { steps: 2, because: "it looks again under the lock" }
      : { steps: 1, because: "the change itself is made under the lock" };
  }
  if (accesses.some(({ kind }) => kind === "iterate")) return undefined;
  if (isUsedWhileClosed(program, fn, accesses, field)) return undefined;
  if (entersLockAfter(use)) return { steps: 1, because: `read just before ${field.guard} is taken` };
  if (isChecked(use) && accesses.length > 1 && mayVanish(field)) return { steps: 1, because: "only reads, each of them atomic" };
  if (readsHalfOfAChange(program, use)) return { steps: 1, because: "only reads, each of them atomic" };
  return { steps: 2, because: "atomic reads: at worst what they see is a moment old" };
}

/** It reads first, takes the guard afterwards, and works with what it has read. Flags and references may be read that early. */
function entersLockAfter({ fn, field, main }: UnguardedUse): boolean {
  const stores = field.accesses.filter(changes);
  if (!stores.some(({ kind, stored }) => kind === "update" || stored === "counter" || stored === "derived")) return false;
  return fn.acquisitions.some((taken) => taken.lock === field.guard && taken.order > main.order && taken.order - main.order < nearby);
}

/** In bytes of source text. */
const nearby = 400;

function isChecked({ accesses }: UnguardedUse): boolean {
  return accesses.some(({ kind }) => kind === "check");
}

function mayVanish({ guarded }: GuardedField): boolean {
  return guarded.some((access) => access.stored === "none" || removes(access.operation));
}

/** One statement reads two fields that one function changes under the guard: it may see one changed and the other not yet. */
function readsHalfOfAChange(program: Program, { fn, main, field }: UnguardedUse): boolean {
  const changers = new Set(field.guarded.filter(changes).map(({ functionId }) => functionId));
  return fn.accesses.some((other) => {
    if (other.location.owner !== main.location.owner || holderKeyOf(other.location) === holderKeyOf(main.location)) return false;
    if (other.lockset.length > 0 || compareSpans(other.statement, main.statement) !== 0) return false;
    const known = program.locations.get(other.location.key)?.accesses ?? [];
    return known.some((each) => changers.has(each.functionId) && changes(each) && each.lockset.includes(field.guard));
  });
}
