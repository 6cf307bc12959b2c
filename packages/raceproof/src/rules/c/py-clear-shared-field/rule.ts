// Py_CLEAR and Py_SETREF on a field of a shared object without a section: reading the old value and storing the new one are two steps.
// Misses: the same by hand.
import { groupedBy } from "../../../vocabulary/index.ts";
import type { Hazard, NativeAccess, NativeCall, NativeFunction, NativeOrigin, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf } from "../event-order.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";
import { isProtected, isReachableByOthers, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/py-clear-shared-field",
  title: "Reference swapped without a lock",
  severity: "crash",
  consequence: "Two threads read the same old value and both drop it: the object is freed while others have it.",
  sources: [
    "CPython TSAN findings on Py_CLEAR of shared fields",
    "docs.python.org/3/howto/free-threading-extensions.html",
    "wrapt, critical sections around swaps",
  ],
  since: "0.2.0",
  fixes: [{ title: "A critical section around the swap", cost: "low", detail: "Take the old reference inside, drop it after the section." }],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) => {
      const swaps = callsOf(fn).filter((call) => /^Py_(CLEAR|X?SETREF)$/.test(call.callee) && isOpen(fn, call));
      return [...groupedBy(swaps, ({ arguments: [field] }) => field?.path.join("."))].map(([, [first]]) => report(program, fn, first as NativeCall));
    });
}

function isOpen(fn: NativeFunction, call: NativeCall): boolean {
  const access = accessAt(fn, call);
  return access !== undefined && isReachableByOthers(access.base) && !isProtected({ held: call.held, base: access.base }, fn.entryHeld);
}

/** The read of the field that is part of the swap. */
function accessAt({ events }: NativeFunction, { order, span, arguments: [field] }: NativeCall): NativeAccess | undefined {
  const name = `.${field?.path.at(-1)}`;
  return events.findLast(
    (event): event is NativeAccess => event.kind === "access" && event.order < order && event.span.line >= span.line && event.location.endsWith(name),
  );
}

function report(program: NativeProgram, fn: NativeFunction, call: NativeCall): Hazard {
  const [field] = call.arguments as readonly [NativeOrigin];
  return draftNativeHazard(program, metadata, {
    fn,
    span: call.span,
    location: accessAt(fn, call)?.location ?? originText(fn, field),
    accesses: [{ span: call.span, function: fn.name, kind: "update", held: call.held }],
    confidence: "high",
    evidence: ["reading the old value, storing the new one and dropping the old are three steps", "no section on the object and no lock is held"],
    message: `${call.text} swaps ${originText(fn, field)} without a lock: two threads drop the same reference`,
  });
}

export const rule: NativeRule = { metadata, find };
