// Which functions of an extension Python calls, and as what: read from the tables that declare methods, slots, getters and modules.
// What enters: trees. What leaves: entries by function name. Misses: tables filled at run time, bindings made by C++ templates.
import { childrenOf, childrenWithRole, childWithRole, CKind, CRole, nameOf, textOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { companyOfSlot, methodStructs } from "../../models/index.ts";
import type { NativeEntry } from "../../vocabulary/index.ts";
import { readDeclarator, typeNameOf } from "./declarators.ts";

/** function name -> entries */
export type EntryTable = Map<string, NativeEntry[]>;

const rowTables = /^(PyMethodDef|PyGetSetDef|PyType_Slot|PyModuleDef_Slot)$/;

export function collectEntryPoints(tree: SyntaxTree, isFunction: (name: string) => boolean, into: EntryTable): void {
  for (let node = 0; node < tree.size; node++) {
    if (tree.kind[node] !== CKind.Declaration) continue;
    const type = typeNameOf(tree, node).replace(/^struct /, "");
    if (!rowTables.test(type) && !methodStructs.has(type)) continue;
    for (const declarator of childrenWithRole(tree, node, CRole.declarator)) {
      const list = tree.kind[declarator] === CKind.InitDeclarator ? childWithRole(tree, declarator, CRole.value) : -1;
      if (list < 0 || tree.kind[list] !== CKind.InitializerList) continue;
      const add = (name: string, entry: Omit<NativeEntry, "table">): void => {
        const known = into.get(name) ?? [];
        into.set(name, [...known, { ...entry, table: readDeclarator(tree, declarator).name }]);
      };
      if (rowTables.test(type)) for (const row of childrenOf(tree, list)) readRow({ tree, type, isFunction, add }, row);
      else readStruct({ tree, type, isFunction, add }, list);
    }
  }
}

interface TableReader {
  readonly tree: SyntaxTree;
  readonly type: string;
  isFunction(name: string): boolean;
  add(name: string, entry: Omit<NativeEntry, "table">): void;
}

function readRow({ tree, type, isFunction, add }: TableReader, row: number): void {
  if (tree.kind[row] !== CKind.InitializerList) return;
  const cells = childrenOf(tree, row).map((cell) => (tree.kind[cell] === CKind.InitializerPair ? childWithRole(tree, cell, CRole.value) : cell));
  const functions = cells.map((cell) => functionIn(tree, cell, isFunction));
  const first = cells[0] ?? -1;
  const head = first < 0 ? "" : firstIdentifier(tree, first);
  if (type === "PyMethodDef") {
    const method = functions.find((name) => name !== undefined);
    if (method !== undefined) add(method, { kind: "method", name: textOfString(tree, first) || method, company: "ordinary" });
  } else if (type === "PyGetSetDef") {
    functions.forEach((name, index) => {
      if (name !== undefined) add(name, { kind: index === 1 ? "getter" : "setter", name: textOfString(tree, first) || name, company: "ordinary" });
    });
  } else {
    const slot = head.replace(/^Py_/, "");
    const target = functions.slice(1).find((name) => name !== undefined);
    if (target !== undefined) add(target, { kind: type === "PyType_Slot" ? "slot" : "module", name: slot, company: companyOfSlot(slot) });
  }
}

function readStruct({ tree, type, isFunction, add }: TableReader, list: number): void {
  const fields = methodStructs.get(type) ?? [];
  let position = 0;
  for (const child of childrenOf(tree, list)) {
    const designated = tree.kind[child] === CKind.InitializerPair;
    const designator = designated ? childWithRole(tree, child, CRole.designator) : -1;
    const field = designated ? nameOf(tree, designator) : fields[position++];
    const target = functionIn(tree, designated ? childWithRole(tree, child, CRole.value) : child, isFunction);
    if (field !== undefined && target !== undefined)
      add(target, { kind: type === "PyModuleDef" ? "module" : "slot", name: field, company: companyOfSlot(field) });
  }
}

/** The function a table's cell names, through casts and casting macros. */
function functionIn(tree: SyntaxTree, cell: number, isFunction: (name: string) => boolean): string | undefined {
  if (cell < 0) return undefined;
  for (let node = cell; node >= (tree.first[cell] as number); node--) {
    if (tree.kind[node] === CKind.Identifier && isFunction(nameOf(tree, node))) return nameOf(tree, node);
  }
  return undefined;
}

function firstIdentifier(tree: SyntaxTree, cell: number): string {
  for (let node = tree.first[cell] as number; node <= cell; node++) if (tree.kind[node] === CKind.Identifier) return nameOf(tree, node);
  return "";
}

function textOfString(tree: SyntaxTree, cell: number): string {
  if (cell < 0 || tree.kind[cell] !== CKind.String) return "";
  return textOf(tree, cell).replaceAll('"', "");
}
