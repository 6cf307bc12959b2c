// tp_traverse does more than visit: it changes reference counts, allocates, locks, calls Python or tracks objects, itself or through what it calls.
// Misses: what a macro of a header outside the project hides.
import type { Hazard, NativeCall, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/traverse-may-only-visit",
  title: "Traverse does more than visit",
  severity: "crash",
  consequence:
    "The collector counts references while traverse changes them: objects are freed that are in use, or never; other calls deadlock or run Python inside a collection.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.traverseproc", "CPython gh-123241", "crashes of bindings whose traverse dropped references"],
  since: "0.2.0",
  fixes: [{ title: "Only Py_VISIT", cost: "low", detail: "Read fields and visit them; no reference is taken, nothing is made, nobody is called." }],
};

/** What the API lets a traverse function call. */
const allowed =
  /^(Py_VISIT|visit|PyObject_VisitManagedDict|_PyObject_VisitManagedDict|PyObject_IS_GC|Py_TYPE|Py_IS_TYPE|PyType_HasFeature|Py\w+_Check(Exact)?)$/;
const changesCounts = /^Py_(X?INCREF|X?DECREF|X?NewRef|CLEAR|X?SETREF)$/;

function find(program: NativeProgram): Hazard[] {
  return program.functions.flatMap((fn) =>
    fn.entries.some(({ company }) => company === "stopped") && !fn.generated ? forbidden(program, fn).map((call) => report(program, fn, call)) : [],
  );
}

function forbidden(program: NativeProgram, fn: NativeFunction, seen: Set<number> = new Set()): NativeCall[] {
  if (seen.has(fn.id)) return [];
  seen.add(fn.id);
  return fn.events.flatMap((event) => {
    if (event.kind !== "call" || event.debugOnly || allowed.test(event.callee)) return [];
    if (event.targets.length > 0) {
      const inside = event.targets.flatMap((target) => forbidden(program, program.functions[target] as NativeFunction, seen));
      return inside.length > 0 ? [event] : [];
    }
    return changesCounts.test(event.callee) || event.effect !== "none" ? [event] : [];
  });
}

function report(program: NativeProgram, fn: NativeFunction, call: NativeCall): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: call.span,
    location: call.callee,
    accesses: [],
    confidence: "high",
    singleThreaded: true,
    severity: changesCounts.test(call.callee) ? "crash" : "deadlock",
    evidence: [
      changesCounts.test(call.callee)
        ? "it changes a reference count that the collector is just using"
        : "it allocates, blocks or runs Python inside a collection",
    ],
    message: `${fn.name} is a traverse function and calls ${call.callee}: it may only visit`,
  });
}

export const rule: NativeRule = { metadata, find };
