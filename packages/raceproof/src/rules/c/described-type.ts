// Types by the tables that describe them: flags and filled slots, of static types and of specs joined with the slots they name.
// What enters: a program. What leaves: types with their cells. Misses: slots that are set at run time.
import type { NativeCell, NativeProgram, NativeTable } from "../../vocabulary/index.ts";

export interface DescribedType {
  readonly table: NativeTable;
  readonly flags: NativeCell;
  readonly slots: ReadonlyMap<string, NativeCell>;
}

/** Static types, and specs joined with the slots they name. */
export function describedTypes({ tables }: NativeProgram): DescribedType[] {
  const slotTables = new Map(tables.filter(({ type }) => type === "PyType_Slot").map((table) => [table.name, table]));
  return tables.flatMap((table): DescribedType[] => {
    const cells = cellsOf(table);
    if (table.type === "PyTypeObject") return flagsOf(table, cells.get("tp_flags"), cells);
    if (table.type !== "PyType_Spec") return [];
    const slots = slotTables.get(cells.get("slots")?.text ?? "");
    return slots === undefined ? [] : flagsOf(table, cells.get("flags"), cellsOf(slots));
  });
}

function flagsOf(table: NativeTable, flags: NativeCell | undefined, slots: ReadonlyMap<string, NativeCell>): DescribedType[] {
  return flags === undefined ? [] : [{ table, flags, slots }];
}

/** Cells that are filled. */
function cellsOf({ cells }: NativeTable): ReadonlyMap<string, NativeCell> {
  return new Map(cells.filter(({ text }) => !/^(0|NULL|nullptr)$/.test(text)).map((cell) => [cell.name, cell]));
}
