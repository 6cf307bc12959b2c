// Where the functions of a C program stand in its files.
// What enters: a parsed program. What leaves: names with byte ranges, each function once. Functions that a macro makes are left out: they have
// no text of their own.
import { childWithRole, nameOf } from "../syntax-tree.ts";
import type { CProgram } from "./c-unit.ts";
import { CKind, CRole } from "./kinds.ts";
import { placeIn } from "./parse-c.ts";

export interface FunctionExtent {
  readonly file: string;
  readonly name: string;
  /** Byte offsets into the file: its first token, the brace of its body, behind the closing brace. */
  readonly from: number;
  readonly body: number;
  readonly to: number;
  readonly fromLine: number;
  readonly toLine: number;
}

export function functionExtents(program: CProgram): FunctionExtent[] {
  const found = new Map<string, FunctionExtent>();
  for (const unit of program.units) {
    const { tree } = unit;
    for (let node = 0; node < tree.size; node++) {
      if (tree.kind[node] !== CKind.FunctionDefinition) continue;
      const block = childWithRole(tree, node, CRole.body);
      if (block < 0) continue;
      const from = placeIn(program, unit, tree.start[node] as number);
      const body = placeIn(program, unit, tree.start[block] as number);
      const last = placeIn(program, unit, (tree.end[node] as number) - 1);
      const { bytes } = program.files.get(from.path) as { bytes: Uint8Array };
      const isWritten = body.path === from.path && last.path === from.path && bytes[body.offset] === 0x7b && bytes[last.offset] === 0x7d;
      if (!isWritten) continue;
      const extent = { file: from.path, name: nameOf(tree, node), from: from.offset, body: body.offset, to: last.offset + 1 };
      found.set(`${extent.file}:${extent.from}`, { ...extent, fromLine: from.line, toLine: last.line });
    }
  }
  return [...found.values()];
}
