// A type's collector flag and its functions do not fit: the flag without traverse, or clear without traverse.
// Misses: flags and slots inherited from a base that is given elsewhere.
import type { Hazard, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { describedTypes } from "../described-type.ts";
import type { DescribedType } from "../described-type.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/collector-flag-mismatch",
  title: "Collector flag without traverse",
  severity: "crash",
  consequence: "The collector calls a traverse function that is not there, or never sees the objects.",
  sources: ["docs.python.org/3/c-api/typeobj.html#c.Py_TPFLAGS_HAVE_GC", "docs.python.org/3/c-api/gcsupport.html"],
  since: "0.2.0",
  fixes: [{ title: "Both or none", cost: "low", detail: "Py_TPFLAGS_HAVE_GC together with tp_traverse, and tp_clear unless instances never change." }],
};

function find(program: NativeProgram): Hazard[] {
  return describedTypes(program).flatMap(({ table, flags, slots }) => {
    const collected = flags.text.includes("Py_TPFLAGS_HAVE_GC");
    // Traverse and clear come from a base with the flag; see inherit_special in CPython's Objects/typeobject.c.
    const mayInherit = slots.has("tp_base") || slots.has("tp_bases");
    const fault =
      collected && !slots.has("tp_traverse") && !mayInherit
        ? "has Py_TPFLAGS_HAVE_GC and no tp_traverse"
        : !collected && slots.has("tp_clear") && !slots.has("tp_traverse") && !mayInherit
          ? "has tp_clear and no tp_traverse"
          : undefined;
    return fault === undefined ? [] : [report(program, { table, flags }, fault)];
  });
}

function report(program: NativeProgram, { table, flags }: Pick<DescribedType, "table" | "flags">, fault: string): Hazard {
  return draftNativeHazard(program, metadata, {
    fn: { name: "<file scope>", parameters: [] },
    span: flags.span,
    location: table.name,
    accesses: [],
    confidence: "medium",
    singleThreaded: true,
    evidence: ["no base type is named that it could inherit from"],
    message: `${table.name} ${fault}`,
  });
}

export const rule: NativeRule = { metadata, find };
