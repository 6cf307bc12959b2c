// A function in, its tests of an attribute or global for None whose answer another function takes back before the value is read again out.
// A value that is loaded into a local name once and then tested is safe and never gets here.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { interferingWith, sharesLock } from "../hazard-draft.ts";
import { controls, isInCondition } from "../controlled-by.ts";

export interface VanishingValue {
  readonly check: AccessFact;
  readonly act: AccessFact;
  readonly test: TestFact;
  /** Stores of None, and deletions, by other functions. */
  readonly resets: readonly AccessFact[];
}

/** At most one per function and location: the first test and the first read that relies on it. */
export function vanishingValuesIn(program: Program, fn: FunctionFact): VanishingValue[] {
  const found = new Map<string, VanishingValue>();
  const checks = fn.accesses.filter(asksWhetherThere);
  for (const test of checks.length > 0 ? fn.tests : []) {
    for (const check of checks) {
      const { key } = check.location;
      if (found.has(key) || !isInCondition(check.order, test)) continue;
      const value = firstRelyingOn(program, fn, test, check);
      if (value) found.set(key, value);
    }
  }
  return [...found.values()];
}

/** `x is None`, `x is not None`, or the truth of something that is no container, number or text. */
export function asksForPresence(access: AccessFact): boolean {
  return access.lockset.length === 0 && asksWhetherThere(access);
}

function asksWhetherThere(access: AccessFact): boolean {
  if (access.kind !== "check" || access.sharing !== "shared" || access.location.path.endsWith("]")) return false;
  if (access.operation === "is-none") return true;
  return access.operation === "truth" && (access.container === "unknown" || access.container === "none" || access.container === "object");
}

function firstRelyingOn(program: Program, fn: FunctionFact, test: TestFact, check: AccessFact): VanishingValue | undefined {
  for (const act of fn.accesses) {
    if (act.location.key !== check.location.key || act.order <= check.order || !controls(test, act.order)) continue;
    // Under a lock both must be, and only who takes the value away without it is in the way.
    if (!isUnhandled(act) || (check.lockset.length === 0) !== (act.lockset.length === 0) || !isWorkedWith(fn, act)) continue;
    const resets = interferingWith(program, act, (other) => isReset(other) && other.functionId !== fn.id && !sharesLock(check, other));
    if (resets.length > 0) return { check, act, test, resets };
  }
  return undefined;
}

export function isUnguarded(access: AccessFact): boolean {
  return access.lockset.length === 0 && isUnhandled(access);
}

function isUnhandled({ handled, sharing }: AccessFact): boolean {
  return sharing === "shared" && !handled.some((exception) => exception === "*" || exception === "AttributeError" || exception === "TypeError");
}

/** None would fail here: it is called, iterated or indexed, or a method of it is called. Handing None on is no failure yet. */
export function isWorkedWith(fn: FunctionFact, access: AccessFact): boolean {
  if (access.kind === "call" || access.kind === "iterate" || access.operation === "[]") return true;
  const isCallOn = (text: string): boolean => text === access.text || text.startsWith(`${access.text}.`);
  return access.kind === "read" && fn.calls.some((call) => call.order === access.order && isCallOn(call.text));
}

/** Takes the value away: `self.x = None`, `del self.x`. */
export function isReset(access: AccessFact): boolean {
  return access.kind === "write" && (access.operation === "del" || (access.operation === "=" && access.stored === "none"));
}
