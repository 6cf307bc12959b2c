// What a call of Python's API sets off, given the values it gets: dropping a reference that is not the last one, or a string, meets nobody's code.
// What enters: the body so far and a call's values. What leaves: an effect. Misses: drops behind the project's own macros.
import { effectOfCall, makesPlainLeaf, stringArguments } from "../../models/index.ts";
import type { CallEffect } from "../../models/index.ts";
import { isKnownOrigin, originKey } from "../../vocabulary/index.ts";
import type { NativeOrigin } from "../../vocabulary/index.ts";
import type { NativeBody } from "./body.ts";
import type { NativeValue } from "./values.ts";
import type { WalkContext } from "./walk-context.ts";

const dropping: ReadonlySet<string> = new Set(["Py_DECREF", "Py_XDECREF", "Py_DecRef"]);
const raising = /^PyErr_(NoMemory|Set\w+|Format\w*|Bad\w+)$/;

/** The call sets an exception: its function fails, and so do its callers, which go on with nothing. */
export function isOnTheWayOut(callee: string): boolean {
  return raising.test(callee);
}

export function effectOnValues(body: NativeBody, callee: string, [first]: readonly NativeValue[]): CallEffect {
  const isHarmless = dropping.has(callee) && first !== undefined && (isMadeLeaf(body, first.origin) || isOwnOfHeld(body, first));
  return isHarmless ? "none" : effectOfCall(callee);
}

/** A string or number that this call made. */
function isMadeLeaf({ events }: NativeBody, { root, path }: NativeOrigin): boolean {
  const made = (root.kind === "result" || root.kind === "fresh") && path.length === 0 ? events[root.call] : undefined;
  return made?.kind === "call" && makesPlainLeaf(made.callee);
}

/** A variable's own reference, to an argument that the caller holds as well or to what was used as a string. */
function isOwnOfHeld({ strings }: NativeBody, { origin, through, loadedFrom }: NativeValue): boolean {
  if (through === undefined || through.assigned < 0 || loadedFrom !== undefined || !isKnownOrigin(origin)) return false;
  return (origin.root.kind === "parameter" && origin.path.length === 0) || strings.has(originKey(origin));
}

interface Passed {
  readonly targets: readonly number[];
  readonly values: readonly NativeValue[];
}

/** Remembers which values were used as strings. */
export function noteStrings({ body, summaryOf }: WalkContext, callee: string, { targets, values }: Passed): void {
  const indexes = targets.length > 0 ? targets.flatMap((target) => summaryOf(target).strings) : stringArguments(callee);
  for (const index of indexes) {
    const origin = values[index]?.origin;
    if (origin !== undefined && isKnownOrigin(origin)) body.strings.add(originKey(origin));
  }
}
