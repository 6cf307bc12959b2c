// Reading one unit's tree: texts, places and the tables of the program around it.
import { placeIn, textOf } from "../../sources/index.ts";
import type { CProgram, CUnit, SyntaxTree } from "../../sources/index.ts";
import type { SourceSpan } from "../../vocabulary/index.ts";
import type { PlaceOfEvent } from "./body.ts";

const longestText = 120;

export interface UnitReader {
  readonly unit: CUnit;
  readonly tree: SyntaxTree;
  spanOf(node: number): SourceSpan;
  placeOf(node: number): PlaceOfEvent;
}

export function readerOf(program: CProgram, unit: CUnit): UnitReader {
  const { tree } = unit;
  const spanOf = (node: number): SourceSpan => {
    const start = placeIn(program, unit, tree.start[node] as number);
    const end = placeIn(program, unit, Math.max(tree.start[node] as number, (tree.end[node] as number) - 1));
    const sane = end.path === start.path && end.offset >= start.offset;
    return {
      file: start.path,
      line: start.line,
      column: start.column,
      endLine: sane ? end.line : start.line,
      endColumn: sane ? end.column + 1 : start.column + 1,
    };
  };
  const placeOf = (node: number): PlaceOfEvent => {
    const text = textOf(tree, node).replaceAll(/\s+/g, " ");
    return { span: spanOf(node), text: text.length > longestText ? `${text.slice(0, longestText)}…` : text };
  };
  return { unit, tree, spanOf, placeOf };
}
