// The program in, its guarded fields out: attributes and globals that some code accesses under a lock, with the lock that guards them.
// Source: lockset intersection (Savage et al., Eraser, 1997) by majority, as in RacerD's "unprotected write" (Blackshear et al., OOPSLA 2018).
import { holderKeyOf } from "../../../vocabulary/index.ts";
import type { AccessFact, FunctionFact, LocationFact, Program } from "../../../vocabulary/index.ts";
import { underLock } from "../activity.ts";
import { mutatesElements } from "../container-operations.ts";
import { indexOf } from "../program-index.ts";

export interface GuardedField {
  readonly guard: string;
  /** By ordinary code on shared objects, in file and program order. */
  readonly accesses: readonly AccessFact[];
  /** Those under the guard. */
  readonly guarded: readonly AccessFact[];
  /** Functions that touch the field, and those that do it only under the guard. */
  readonly functions: number;
  readonly disciplined: number;
}

export function guardedFieldsOf(program: Program): GuardedField[] {
  const fields = new Map<string, AccessFact[]>();
  // Few fields of a program are touched under any lock: only those are looked at.
  for (const { location } of indexOf(program).locationsDoing(underLock)) fields.set(holderKeyOf(location), []);
  if (fields.size === 0) return [];
  for (const fact of program.locations.values()) {
    const known = fields.get(holderKeyOf(fact.location));
    if (!known || !mayBeGuarded(fact)) continue;
    for (const access of fact.accesses) if (isByThreads(program, access)) known.push(access);
  }
  return [...fields.values()].flatMap((accesses) => guardedFieldOf(accesses) ?? []);
}

function mayBeGuarded({ location, container }: LocationFact): boolean {
  // What happens to an element's attribute does not happen to the container.
  if (location.ownerKind === "process" || location.path.includes("].")) return false;
  return container !== "lock" && container !== "thread-local" && container !== "context-variable" && container !== "queue";
}

function isByThreads(program: Program, access: AccessFact): boolean {
  return access.sharing === "shared" && (program.functions[access.functionId] as FunctionFact).phase === "ordinary";
}

export function changes(access: AccessFact): boolean {
  return access.kind === "write" || access.kind === "update" || (access.kind === "call" && mutatesElements(access.operation));
}

function guardedFieldOf(accesses: readonly AccessFact[]): GuardedField | undefined {
  const withLocks = accesses.filter(({ lockset }) => lockset.length > 0);
  // All under some lock, or none: nothing to compare, unless the locks differ.
  if (withLocks.length === 0 || !accesses.some(changes)) return undefined;
  const guard = usualLockOf(withLocks);
  const guarded = accesses.filter(({ lockset }) => lockset.includes(guard));
  if (guarded.length === accesses.length) return undefined;
  const functions = new Set(accesses.map(({ functionId }) => functionId));
  const careless = new Set(accesses.filter(({ lockset }) => !lockset.includes(guard)).map(({ functionId }) => functionId));
  return { guard, accesses, guarded, functions: functions.size, disciplined: functions.size - careless.size };
}

/** Held by the most functions that touch the field; a change counts twice. */
function usualLockOf(accesses: readonly AccessFact[]): string {
  const weights = new Map<string, Map<number, number>>();
  for (const access of accesses) {
    for (const lock of access.lockset) {
      const byFunction = weights.get(lock) ?? new Map<number, number>();
      weights.set(lock, byFunction);
      byFunction.set(access.functionId, Math.max(changes(access) ? 2 : 1, byFunction.get(access.functionId) ?? 0));
    }
  }
  const total = (byFunction: ReadonlyMap<number, number>): number => [...byFunction.values()].reduce((sum, weight) => sum + weight, 0);
  return [...weights].toSorted(([first, a], [second, b]) => total(b) - total(a) || (first < second ? -1 : 1))[0]?.[0] ?? "";
}
