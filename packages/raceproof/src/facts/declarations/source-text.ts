// A node in, where it stands and how it is written out: spans and bounded source text.
import { nameOf, PythonKind as K, textBetween, textOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { SourceSpan } from "../../vocabulary/index.ts";
import type { ModuleDeclaration } from "./declarations.ts";

/** Longer expressions are cut: every step of a chain of thousands of calls would repeat all steps before it. */
const longestText = 300;

/** Source text of an expression, as it identifies a receiver or stands in a message. */
export function shortTextOf(tree: SyntaxTree, node: number): string {
  if (tree.kind[node] === K.Name) return nameOf(tree, node);
  const start = tree.start[node] as number;
  if ((tree.end[node] as number) - start <= longestText) return textOf(tree, node);
  return `${textBetween(tree, start, start + longestText)}…`;
}

export function spanOf({ tree, file }: ModuleDeclaration, node: number): SourceSpan {
  const start = tree.start[node] as number;
  const end = tree.end[node] as number;
  const line = lineIndexAt(tree, start);
  const endLine = end < (tree.lineStarts[line + 1] ?? Number.POSITIVE_INFINITY) ? line : lineIndexAt(tree, end);
  return { file, line: line + 1, column: start - (tree.lineStarts[line] ?? 0), endLine: endLine + 1, endColumn: end - (tree.lineStarts[endLine] ?? 0) };
}

/** Binary search, 0-based. */
function lineIndexAt(tree: SyntaxTree, offset: number): number {
  const starts = tree.lineStarts;
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
