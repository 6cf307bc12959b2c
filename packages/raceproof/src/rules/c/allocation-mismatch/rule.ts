// An object's memory goes back by another way than it came: objects the collector tracks have a header in front.
// Misses: memory freed by functions of a base type. Over-reports: none known.
import type { Hazard, NativeCall, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { collectedTypes } from "../collector-slots.ts";
import { describedTypes } from "../described-type.ts";
import { callsOf } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/allocation-mismatch",
  title: "Freed by another way than allocated",
  severity: "crash",
  consequence: "The allocator is given an address that it never gave out: the heap is corrupted when the object dies.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.PyObject_GC_Del", "docs.python.org/3/c-api/memory.html#allocator-domains"],
  since: "0.2.0",
  fixes: [{ title: "tp_free", cost: "low", detail: "`Py_TYPE(self)->tp_free(self)` is right for both; PyObject_GC_Del belongs to PyObject_GC_New." }],
};

const plain = /^(PyObject_(Free|Del|FREE|DEL)|PyMem_(Raw)?(Free|FREE|Del|DEL)|free)$/;
const collected = /^PyObject_GC_Del$/;

function find(program: NativeProgram): Hazard[] {
  const deallocs = new Map(collectedTypes(program).map(({ table, dealloc }) => [table, dealloc]));
  return describedTypes(program).flatMap(({ table, flags }) => {
    const names = [table.name, ...table.cells.filter(({ name }) => name === "slots").map(({ text }) => text)];
    const dealloc = names.map((name) => deallocs.get(name)).find((fn) => fn !== undefined);
    if (dealloc === undefined) return [];
    const tracked = flags.text.includes("Py_TPFLAGS_HAVE_GC");
    const wrong = callsOf(dealloc).find((call) => (tracked ? plain : collected).test(call.callee) && isObjectItself(call));
    if (wrong === undefined) return [];
    return [
      draftNativeHazard(program, metadata, {
        fn: dealloc,
        span: wrong.span,
        location: table.name,
        accesses: [],
        confidence: "high",
        singleThreaded: true,
        evidence: [`${table.name} ${tracked ? "has" : "lacks"} Py_TPFLAGS_HAVE_GC (${flags.span.file}:${flags.span.line})`],
        message: `${wrong.callee} frees an object of ${table.name}, which ${tracked ? "has a collector's header in front" : "has no collector's header"}`,
      }),
    ];
  });
}

function isObjectItself({ arguments: [object] }: NativeCall): boolean {
  return object !== undefined && object.root.kind === "parameter" && object.root.index === 0 && object.path.length === 0 && !object.interior;
}

export const rule: NativeRule = { metadata, find };
