// A tree as text, for tests and for looking at.
// What enters: a tree. What leaves: one line per node's worth of nesting, with kinds, roles, names and details in words.

import { childrenOf, nameOf, type SyntaxTree } from "../syntax-tree.ts";
import { createNameTable } from "./byte-name-table.ts";
import { ConstantType, ExpressionContext, PythonKind as Kind, pythonKindNames, pythonOperatorNames, pythonRoleNames } from "./kinds.ts";
import { parsePython } from "./parse-python.ts";

/**
 * A node and its descendants as `Kind name detail(role=child, role=child)`: `x.y = 1` is
 * `Assign(targets=Attribute y Store(value=Name x), value=Constant Integer)`.
 */
export function outlineOf(tree: SyntaxTree, node: number): string {
  const head = [pythonKindNames[tree.kind[node]! - 1], nameOf(tree, node), detailTextOf(tree, node)].filter(Boolean).join(" ");
  const children = childrenOf(tree, node).map((child) => `${pythonRoleNames[tree.role[child]! - 1]}=${outlineOf(tree, child)}`);
  return children.length === 0 ? head : `${head}(${children.join(", ")})`;
}

const constantTypeNames: readonly string[] = Object.keys(ConstantType);
const contextNames: readonly string[] = Object.keys(ExpressionContext);
const kindsWithConstantType: ReadonlySet<number> = new Set([Kind.Constant, Kind.MatchSingleton]);
const kindsWithOperator: ReadonlySet<number> = new Set([Kind.BinOp, Kind.UnaryOp, Kind.BoolOp, Kind.AugAssign, Kind.CompareOperator]);
const kindsWithNumber: ReadonlySet<number> = new Set([Kind.ImportFrom, Kind.FormattedValue, Kind.Interpolation, Kind.comprehension, Kind.AnnAssign]);

/** The outlines of a source text's statements, then its problems as "! offset: message". */
export function outlineStatements(text: string): string[] {
  const tree = parsePython(new TextEncoder().encode(text), createNameTable());
  const problems = tree.problems.map(({ message, offset }) => `! ${offset}: ${message}`);
  return [...childrenOf(tree, tree.size - 1).map((statement) => outlineOf(tree, statement)), ...problems];
}

/** The detail of a node in words, "" for none. */
export function detailTextOf(tree: SyntaxTree, node: number): string {
  const kind = tree.kind[node]!;
  const detail = tree.detail[node]!;
  if (kindsWithConstantType.has(kind)) return constantTypeNames[detail - 1]!;
  if (kindsWithOperator.has(kind)) return pythonOperatorNames[detail - 1]!;
  if (kindsWithNumber.has(kind)) return String(detail);
  return detail === 0 ? "" : contextNames[detail]!;
}
