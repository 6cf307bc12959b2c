// A function in, its tests of what a shared record or slot holds that it relies on when it changes the record or the slot's own list out:
// `if account["limit"] < n: raise`, `account["limit"] = n`; `wrappers = slots[n]`, `assert wrappers`, `wrappers.remove(self)` while others free slots.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { addsOrRemoves, needsElement } from "../container-operations.ts";
import { interferingWith } from "../hazard-draft.ts";
import { isInCondition } from "../controlled-by.ts";
import { handlesAbsence } from "./direct-pairs.ts";

export interface RecordCheck {
  readonly checks: readonly AccessFact[];
  readonly act: AccessFact;
  readonly interfering: readonly AccessFact[];
}

const isOpen = (access: AccessFact): boolean => access.sharing === "shared" && access.lockset.length === 0;

export function recordChecksIn(program: Program, fn: FunctionFact): RecordCheck[] {
  const reads = fn.accesses.filter((access) => access.operation === "[]" && access.kind === "read" && isOpen(access));
  return reads.length === 0 ? [] : [...boundsIn(program, fn, reads), ...slotsIn(program, fn, reads)];
}

/** A field of a record is compared, the function leaves when it does not fit, and stores the field. */
function boundsIn(program: Program, fn: FunctionFact, reads: readonly AccessFact[]): RecordCheck[] {
  return fn.tests.flatMap((test) => {
    const checks = reads.filter((access) => isInCondition(access.order, test) && isField(access));
    const act = checks.length > 0 && (test.trueLeaves || test.falseLeaves) ? fn.accesses.find((each) => isStoreOf(each, checks, test.after)) : undefined;
    return act ? [{ checks, act, interfering: interferingWith(program, act, (other) => other.kind === "write" || other.kind === "update") }] : [];
  });
}

const isField = ({ location }: AccessFact): boolean => /\]\[["']/.test(location.path);

function isStoreOf(access: AccessFact, checks: readonly AccessFact[], [from, to]: readonly [number, number]): boolean {
  const stores = access.operation === "[]=" && access.order >= from && access.order < to && isOpen(access);
  return stores && checks.some((check) => check.location.key === access.location.key && check.text === access.text);
}

/** The list in a slot is looked up, then changed, while others empty slots: it may be the list of a slot that is free by now. */
function slotsIn(program: Program, fn: FunctionFact, reads: readonly AccessFact[]): RecordCheck[] {
  return reads.flatMap((look) => {
    const element = `${look.location.key}[]`;
    const act = fn.accesses.find((each) => each.location.key === element && each.order > look.order && changesSlot(each));
    const frees = act ? interferingWith(program, look, (other) => other.operation === "[]=" && other.stored === "none") : [];
    return act && frees.length > 0 ? [{ checks: [look], act, interfering: frees }] : [];
  });
}

function changesSlot(access: AccessFact): boolean {
  return isOpen(access) && addsOrRemoves(access.operation) && !(needsElement(access.operation) && handlesAbsence(access.handled));
}
