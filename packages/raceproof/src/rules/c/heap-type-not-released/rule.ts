// A dealloc function of a heap type gives the object's memory back and keeps the reference to the type that every instance holds.
// Misses: types whose base releases it.
import type { Hazard, NativeEvent, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/heap-type-not-released",
  title: "Type never released",
  severity: "leak",
  consequence: "Every instance leaks a reference to its type: types made at run time, and modules, are never freed.",
  sources: ["docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_dealloc (heap types: Py_DECREF(tp) after tp_free)"],
  since: "0.2.0",
  fixes: [{ title: "Release it last", cost: "low", detail: "`PyTypeObject *tp = Py_TYPE(self); ... tp->tp_free(self); Py_DECREF(tp);`" }],
};

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(
      ({ entries, generated }) =>
        !generated && entries.some(({ kind, name, table }) => kind === "slot" && name === "tp_dealloc" && program.heapTypeTables.has(table)),
    )
    .filter(({ events }) => events.some(givesBack) && !events.some(releasesType))
    .map((fn) => {
      const free = fn.events.find(givesBack) as NativeEvent;
      return draftNativeHazard(program, metadata, {
        fn,
        span: free.span,
        location: "Py_TYPE",
        accesses: [],
        confidence: "medium",
        singleThreaded: true,
        evidence: ["the type is made from a spec, so instances hold a reference to it", "no Py_DECREF of the type follows"],
        message: `${fn.name} frees the object and keeps the reference to its heap type`,
      });
    });
}

function givesBack(event: NativeEvent): boolean {
  return event.kind === "call" && /(^|_)(tp_free|GC_Del|Object_Free|Object_Del)$|^tp_free$/.test(event.callee);
}

function releasesType(event: NativeEvent): boolean {
  return event.kind === "call" && /^Py_X?DECREF$/.test(event.callee) && /\b(tp|type|Py_TYPE|cls|klass)\b/.test(event.text);
}

export const rule: NativeRule = { metadata, find };
