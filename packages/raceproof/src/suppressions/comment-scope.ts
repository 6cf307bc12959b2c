// A comment's place in a parsed file in, the lines it speaks about out: its statement, or the whole function or class when it
// stands at one. A comment on a line of its own speaks about the statement below. No meaning is read here.
import { childrenWithRole, lineAt, linksOf, PythonKind as K, PythonRole as R } from "../sources/index.ts";
import type { SyntaxTree } from "../sources/index.ts";

export interface CommentScope {
  readonly from: number;
  readonly to: number;
  /** What it stands at. */
  readonly at: "statement" | "function" | "class";
}

interface Statement extends CommentScope {
  /** Last line of its header: the lines above the first block. */
  readonly headerEnd: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;

/** Statements of one file, found once for all its remarks. */
export class CommentScopes {
  private readonly tree: SyntaxTree;
  private readonly statements: readonly Statement[];

  constructor(tree: SyntaxTree) {
    this.tree = tree;
    this.statements = statementsOf(tree);
  }

  /** @param comment byte offset of the "#" @returns undefined when no statement is near */
  scopeOf(comment: number): CommentScope | undefined {
    const line = lineAt(this.tree, comment);
    const target = this.standsAlone(comment, line) ? this.nextCodeLine(line) : line;
    const met = target === undefined ? [] : this.statements.filter(({ from, headerEnd }) => from <= target && target <= headerEnd);
    const declared = met.findLast(({ at }) => at !== "statement");
    if (declared) return declared;
    if (met.length === 0) return undefined;
    return {
      from: Math.min(...met.map(({ from }) => from)),
      to: Math.max(...met.map(({ headerEnd }) => headerEnd)),
      at: "statement",
    };
  }

  private standsAlone(comment: number, line: number): boolean {
    for (let at = this.tree.lineStarts[line - 1] ?? 0; at < comment; at++) if (!isBlank(this.tree.source[at])) return false;
    return true;
  }

  /** The first line below that holds more than blanks and a comment. */
  private nextCodeLine(line: number): number | undefined {
    const { lineStarts, source } = this.tree;
    for (let next = line + 1; next <= lineStarts.length; next++) {
      let at = lineStarts[next - 1] ?? 0;
      while (isBlank(source[at])) at++;
      const character = source[at];
      if (character === undefined) return undefined;
      if (character !== hash && character !== newline && character !== carriageReturn) return next;
    }
    return undefined;
  }
}

function isBlank(character: number | undefined): boolean {
  return character === 0x20 || character === 0x09 || character === 0x0c;
}

function statementsOf(tree: SyntaxTree): Statement[] {
  const out: Statement[] = [];
  for (let node = 0; node < tree.size; node++) {
    const kind = tree.kind[node] as number;
    if (kind < K.FunctionDef || kind > K.Continue) continue;
    const at = kind === K.ClassDef ? "class" : kind <= K.AsyncFunctionDef ? "function" : "statement";
    const decorators = at === "statement" ? [] : childrenWithRole(tree, node, R.decorator_list);
    const from = Math.min(tree.start[node] as number, ...decorators.map((each) => tree.start[each] as number));
    out.push({ from: lineAt(tree, from), to: lineAt(tree, tree.end[node] as number), headerEnd: headerEndOf(tree, node), at });
  }
  return out;
}

/** Where the first statement of a block begins, the header has ended, at the latest on the same line. */
function headerEndOf(tree: SyntaxTree, node: number): number {
  const start = lineAt(tree, tree.start[node] as number);
  const end = lineAt(tree, tree.end[node] as number);
  const { firstChild, nextSibling } = linksOf(tree);
  for (let child = firstChild[node] as number; child >= 0; child = nextSibling[child] as number) {
    if (tree.role[child] !== R.body && tree.role[child] !== R.cases) continue;
    // A comment line of its own between header and block belongs to the block's first statement.
    const last = lineAt(tree, lastTokenBefore(tree, tree.start[child] as number));
    return Math.min(end, Math.max(start, last));
  }
  return end;
}

/** The colon of the header: comments, blanks and line ends before the block are passed over. */
function lastTokenBefore(tree: SyntaxTree, offset: number): number {
  let line = lineAt(tree, offset);
  const first = tree.lineStarts[line - 1] ?? 0;
  for (let at = first; at < offset; at++) if (!isBlank(tree.source[at])) return offset;
  for (line--; line > 0; line--) {
    let at = tree.lineStarts[line - 1] ?? 0;
    while (isBlank(tree.source[at])) at++;
    const character = tree.source[at];
    if (character !== hash && character !== newline && character !== carriageReturn) return at;
  }
  return offset;
}
