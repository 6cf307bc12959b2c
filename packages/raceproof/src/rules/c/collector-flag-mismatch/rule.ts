// A type's collector flag and its functions do not fit: the flag without traverse, or clear without traverse.
// Misses: flags and slots inherited from a base that is given elsewhere.
import type { Hazard, NativeCell, NativeProgram, NativeRule, NativeTable, RuleMetadata } from "../../../vocabulary/index.ts";
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

interface Described {
  readonly table: NativeTable;
  readonly flags: NativeCell;
  readonly slots: ReadonlyMap<string, NativeCell>;
}

function find(program: NativeProgram): Hazard[] {
  return described(program).flatMap(({ table, flags, slots }) => {
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

/** Static types, and specs joined with the slots they name. */
function described({ tables }: NativeProgram): Described[] {
  const slotTables = new Map(tables.filter(({ type }) => type === "PyType_Slot").map((table) => [table.name, table]));
  return tables.flatMap((table): Described[] => {
    const cells = cellsOf(table);
    if (table.type === "PyTypeObject") return flagsOf(table, cells.get("tp_flags"), cells);
    if (table.type !== "PyType_Spec") return [];
    const slots = slotTables.get(cells.get("slots")?.text ?? "");
    return slots === undefined ? [] : flagsOf(table, cells.get("flags"), cellsOf(slots));
  });
}

function flagsOf(table: NativeTable, flags: NativeCell | undefined, slots: ReadonlyMap<string, NativeCell>): Described[] {
  return flags === undefined ? [] : [{ table, flags, slots }];
}

/** Cells that are filled. */
function cellsOf({ cells }: NativeTable): ReadonlyMap<string, NativeCell> {
  return new Map(cells.filter(({ text }) => !/^(0|NULL|nullptr)$/.test(text)).map((cell) => [cell.name, cell]));
}

function report(program: NativeProgram, { table, flags }: Pick<Described, "table" | "flags">, fault: string): Hazard {
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
