// A type keeps its instances' dictionary in memory that the interpreter manages, and its own traverse function does not hand it to the collector.
// Misses: flags given at run time. Over-reports: traverse functions that end in the base type's.
import type { Hazard, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { collectedTypes, fieldCalls } from "../collector-slots.ts";
import { describedTypes } from "../described-type.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/managed-dict-not-visited",
  title: "Managed dictionary not visited",
  severity: "leak",
  consequence: "Cycles through attributes of instances are never freed.",
  sources: ["docs.python.org/3/c-api/typeobj.html#c.Py_TPFLAGS_MANAGED_DICT", "docs.python.org/3/c-api/object.html#c.PyObject_VisitManagedDict"],
  since: "0.2.0",
  fixes: [{ title: "PyObject_VisitManagedDict", cost: "low", detail: "In tp_traverse; and PyObject_ClearManagedDict in tp_clear (3.13)." }],
};

function find(program: NativeProgram): Hazard[] {
  const traversing = new Map(collectedTypes(program).map(({ table, traverse }) => [table, traverse]));
  return describedTypes(program).flatMap(({ table, flags, slots }) => {
    const names = [table.name, ...table.cells.filter(({ name }) => name === "slots").map(({ text }) => text)];
    const traverse = names.map((name) => traversing.get(name)).find((fn) => fn !== undefined);
    if (traverse === undefined || !/\bPy_TPFLAGS_MANAGED_DICT\b/.test(flags.text) || !slots.has("tp_traverse")) return [];
    if (fieldCalls(program, traverse, /VisitManagedDict$|tp_traverse$/).length > 0) return [];
    return [
      draftNativeHazard(program, metadata, {
        fn: traverse,
        span: traverse.span,
        location: table.name,
        accesses: [],
        confidence: "medium",
        singleThreaded: true,
        evidence: [
          `${table.name} has Py_TPFLAGS_MANAGED_DICT (${flags.span.file}:${flags.span.line})`,
          "no PyObject_VisitManagedDict in its traverse function",
        ],
        message: `${traverse.name} does not visit the dictionary that the interpreter manages for ${table.name}`,
      }),
    ];
  });
}

export const rule: NativeRule = { metadata, find };
