// The module says that it runs without the GIL, while nothing in it takes a section, a lock or an atomic, and its objects have memory that changes.
import type { Hazard, NativeFunction, NativeProgram, NativeRule, RuleMetadata, SourceSpan } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/declared-but-unsafe",
  title: "Declared safe without a lock",
  severity: "crash",
  consequence: "Importing the module keeps the GIL off: every race in it is live.",
  sources: ["docs.python.org/3/c-api/module.html#c.Py_mod_gil", "an extension in C before it got critical sections"],
  since: "0.2.0",
  fixes: [
    { title: "Take the declaration back", cost: "low", detail: "Without Py_MOD_GIL_NOT_USED the interpreter turns the GIL on when the module is imported." },
    { title: "Lock the entry points", cost: "medium", detail: "A critical section on the object in each." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { contended, ordinary } = nativeIndexOf(program);
  const [change] = contended.values();
  const fn: NativeFunction | undefined = ordinary[0];
  if (program.declaresFreeThreading === undefined || change === undefined || fn === undefined || program.functions.some(synchronizes)) return [];
  return [
    draftNativeHazard(program, metadata, {
      fn: { name: tableAround(program, program.declaresFreeThreading), parameters: [] },
      span: program.declaresFreeThreading,
      location: "Py_mod_gil",
      accesses: [],
      confidence: "high",
      evidence: [
        `${contended.size} fields change while objects are in use, ${change.location} among them`,
        `${ordinary.length} entry points, no section, lock or atomic in any`,
      ],
      message: "the module declares that it needs no GIL, and nothing in it locks",
    }),
  ];
}

/** The table of slots that says so; a call in the module's function otherwise. */
function tableAround({ tables }: NativeProgram, { file, line }: SourceSpan): string {
  const table = tables.find(
    ({ type, span, cells }) => type === "PyModuleDef_Slot" && span.file === file && cells.some((cell) => cell.span.line <= line && line <= cell.span.endLine),
  );
  return table === undefined ? "<module>" : `<${table.name}>`;
}

function synchronizes({ events }: NativeFunction): boolean {
  return events.some((event) => event.held.some(({ kind }) => kind !== "detached") || (event.kind === "access" && event.atomic));
}

export const rule: NativeRule = { metadata, find };
