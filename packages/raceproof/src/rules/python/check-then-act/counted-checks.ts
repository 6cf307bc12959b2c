// A function in, its tests of a number that is kept beside a container and changed with it in steps of their own out:
// `if self.free <= 0: self.grow()`, `self.slots.append(x)`, `self.free -= 1`; `if self.used <= 0: raise`, `self.entries.pop()`, `self.used -= 1`.
import type { AccessFact, FunctionFact } from "../../../vocabulary/index.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { isInCondition } from "../controlled-by.ts";

export interface CountedCheck {
  readonly check: AccessFact;
  readonly change: AccessFact;
  readonly count: AccessFact;
}

/** At most one per function and number. */
export function countedChecksIn(fn: FunctionFact): CountedCheck[] {
  const counts = fn.accesses.filter((access) => access.kind === "update" && access.operation === "+=" && isOpen(access));
  const found = new Map<string, CountedCheck>();
  for (const count of counts) {
    const { key } = count.location;
    const check = found.has(key) ? undefined : fn.accesses.find((access) => access.location.key === key && isTested(fn, access) && access.order < count.order);
    const change = check && fn.accesses.find((access) => isChange(access, check, count));
    if (check && change) found.set(key, { check, change, count });
  }
  return [...found.values()];
}

function isOpen(access: AccessFact): boolean {
  return access.sharing === "shared" && access.lockset.length === 0;
}

function isTested(fn: FunctionFact, access: AccessFact): boolean {
  return (access.kind === "read" || access.kind === "check") && isOpen(access) && fn.tests.some((test) => isInCondition(access.order, test));
}

/** The container of the same object, changed between the test and the count. */
function isChange(access: AccessFact, check: AccessFact, count: AccessFact): boolean {
  return isOpen(access) && addsOrRemoves(access.operation) && access.order > check.order && access.order < count.order;
}
