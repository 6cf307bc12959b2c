// Tables that describe types and modules, cell by cell as they are written: what a type's flags are, which slots it fills, which members it shows.
// What enters: trees. What leaves: tables with named cells. Misses: types whose fields are set at run time.
import { childrenOf, childrenWithRole, childWithRole, CKind, CRole, nameOf, textOf } from "../../sources/index.ts";
import { methodStructs } from "../../models/index.ts";
import type { NativeCell, NativeTable } from "../../vocabulary/index.ts";
import { readDeclarator, typeNameOf } from "./declarators.ts";
import type { UnitReader } from "./unit-reader.ts";

/** One cell per row, named by the row's first cell. */
const tablesOfRows = /^(PyType_Slot|PyMemberDef|PyModuleDef_Slot)$/;
/** One cell per field. */
const described = /^(PyTypeObject|PyType_Spec|PyModuleDef)$/;

export function declareTables(readers: readonly UnitReader[]): NativeTable[] {
  return readers.flatMap((reader) => {
    const { tree, unit } = reader;
    const found: NativeTable[] = [];
    for (let node = 0; unit.origin === "own" && node < tree.size; node++) {
      if (tree.kind[node] !== CKind.Declaration) continue;
      const type = typeNameOf(tree, node).replace(/^struct /, "");
      if (!tablesOfRows.test(type) && !described.test(type)) continue;
      for (const declarator of childrenWithRole(tree, node, CRole.declarator)) {
        const list = tree.kind[declarator] === CKind.InitDeclarator ? childWithRole(tree, declarator, CRole.value) : -1;
        if (list < 0 || tree.kind[list] !== CKind.InitializerList) continue;
        const cells = tablesOfRows.test(type) ? rowCells(reader, list) : fieldCells(reader, list, methodStructs.get(type) ?? []);
        found.push({ name: readDeclarator(tree, declarator).name, type, span: reader.spanOf(declarator), cells });
      }
    }
    return found;
  });
}

function rowCells({ tree, spanOf }: UnitReader, list: number): NativeCell[] {
  return childrenOf(tree, list).flatMap((row) => {
    const first = tree.kind[row] === CKind.InitializerList ? (childrenOf(tree, row)[0] ?? -1) : -1;
    if (first < 0) return [];
    const name = textOf(tree, first)
      .replaceAll(/["()\s]|^\.\w+\s*=/g, "")
      .replace(/^Py_/, "");
    return [{ name, text: textOf(tree, row), span: spanOf(row) }];
  });
}

function fieldCells({ tree, spanOf }: UnitReader, list: number, fields: readonly string[]): NativeCell[] {
  let position = 0;
  return childrenOf(tree, list).map((child) => {
    const designated = tree.kind[child] === CKind.InitializerPair;
    const name = designated ? nameOf(tree, childWithRole(tree, child, CRole.designator)) : (fields[position++] ?? "");
    return { name, text: textOf(tree, designated ? childWithRole(tree, child, CRole.value) : child), span: spanOf(child) };
  });
}
