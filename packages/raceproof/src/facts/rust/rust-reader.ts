// Reading one Rust file's tree: children by role, texts and places.
import {
  childrenOf,
  childrenWithRole,
  childWithRole,
  columnAt,
  lineAt,
  nameOf,
  parentOf,
  RustKind,
  RustRole,
  textBetween,
  textOf,
} from "../../sources/index.ts";
import type { RustUnit, SyntaxTree } from "../../sources/index.ts";
import type { SourceSpan } from "../../vocabulary/index.ts";

const longestText = 120;

export type RustRoleName = keyof typeof RustRole;

export class RustReader {
  readonly path: string;
  readonly tree: SyntaxTree;

  constructor({ path, tree }: RustUnit) {
    this.path = path;
    this.tree = tree;
  }

  get root(): number {
    return this.tree.size - 1;
  }

  kind(node: number): number {
    return node < 0 ? 0 : (this.tree.kind[node] as number);
  }

  detail(node: number): number {
    return this.tree.detail[node] as number;
  }

  name(node: number): string {
    return node < 0 ? "" : nameOf(this.tree, node);
  }

  /** First child with the role, or -1. */
  child(node: number, role: RustRoleName): number {
    return node < 0 ? -1 : childWithRole(this.tree, node, RustRole[role]);
  }

  children(node: number): number[] {
    return node < 0 ? [] : childrenOf(this.tree, node);
  }

  /** Children that have the role. */
  childrenIn(node: number, role: RustRoleName): readonly number[] {
    return node < 0 ? [] : childrenWithRole(this.tree, node, RustRole[role]);
  }

  childrenOfKind(node: number, kind: number): number[] {
    return this.children(node).filter((child) => this.tree.kind[child] === kind);
  }

  parent(node: number): number {
    return parentOf(this.tree, node);
  }

  /** Whole text, as written. */
  text(node: number): string {
    return node < 0 ? "" : textOf(this.tree, node);
  }

  /** On one line, cut where it gets long. */
  shortText(node: number): string {
    const start = this.tree.start[node] as number;
    const end = this.tree.end[node] as number;
    const text = textBetween(this.tree, start, Math.min(end, start + longestText * 4)).replaceAll(/\s+/g, " ");
    return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  }

  span(node: number): SourceSpan {
    const { tree } = this;
    const start = tree.start[node] as number;
    const end = tree.end[node] as number;
    return { file: this.path, line: lineAt(tree, start), column: columnAt(tree, start), endLine: lineAt(tree, end), endColumn: columnAt(tree, end) };
  }

  line(line: number): string {
    const { lineStarts, source } = this.tree;
    return textBetween(this.tree, lineStarts[line - 1] ?? 0, lineStarts[line] ?? source.length).trim();
  }

  is(node: number, ...kinds: readonly (keyof typeof RustKind)[]): boolean {
    return node >= 0 && kinds.some((kind) => RustKind[kind] === this.tree.kind[node]);
  }
}
