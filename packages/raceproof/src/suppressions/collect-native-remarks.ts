// A parsed C program in, the comments that speak to raceproof out, each with the lines it speaks about: its statement, or its function.
// Of comments in C only those that name raceproof count: words like "thread-safe" in them document an interface.
// Misses: comments inside macro definitions speak about the definition, not about where it is used.
import { childWithRole, CKind, CRole, functionExtents, placeIn } from "../sources/index.ts";
import type { CProgram, CUnit, SourcePlace } from "../sources/index.ts";
import type { Remark } from "./collect-remarks.ts";
import type { CommentScope } from "./comment-scope.ts";
import { readRemark } from "./remark.ts";
import { lineOf, spokenComments } from "./slash-comments.ts";
import type { SpokenComment } from "./slash-comments.ts";

interface Statement extends CommentScope {
  /** Last line above its first block. */
  readonly headerEnd: number;
}

export function collectNativeRemarks(program: CProgram): Remark[] {
  const told = [...program.files.values()].filter(({ origin }) => origin === "own").flatMap(spokenComments);
  const remarks = told.flatMap((comment) => {
    const content = readRemark(`# ${comment.text}`);
    return content === undefined ? [] : [{ comment, content }];
  });
  if (remarks.length === 0) return [];
  const statements = statementsIn(program, new Set(remarks.map(({ comment }) => comment.file)));
  return remarks.map(({ comment, content }) => {
    const { file, line } = comment;
    return { file, line, content, scope: scopeOf(comment, statements.get(file) ?? []) };
  });
}

function statementsIn(program: CProgram, files: ReadonlySet<string>): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>([...files].map((file) => [file, []]));
  for (const { file, from, body, fromLine, toLine } of functionExtents(program)) {
    const source = program.files.get(file);
    if (files.has(file) && source && from < body) found.get(file)?.push({ from: fromLine, to: toLine, headerEnd: lineOf(source, body), at: "function" });
  }
  for (const unit of program.units) {
    const { tree } = unit;
    for (let node = 0; node < tree.size; node++) {
      if (!isStatement(tree.kind[node] as number)) continue;
      const start = placeIn(program, unit, tree.start[node] as number);
      found.get(start.path)?.push({ ...linesOf({ program, unit, node }, start), at: "statement" });
    }
  }
  return found;
}

function isStatement(kind: number): boolean {
  return kind === CKind.Declaration || (kind >= CKind.ExpressionStatement && kind <= CKind.Assembly);
}

interface UnitNode {
  readonly program: CProgram;
  readonly unit: CUnit;
  readonly node: number;
}

/** Of text out of a macro, the line where that is invoked. */
function linesOf({ program, unit, node }: UnitNode, start: SourcePlace): Omit<Statement, "at"> {
  const { tree } = unit;
  const block = [CRole.body, CRole.consequence].map((role) => childWithRole(tree, node, role)).find((child) => child >= 0);
  const lineFrom = (offset: number): number => {
    const place = placeIn(program, unit, offset);
    return place.path === start.path ? Math.max(start.line, place.line) : start.line;
  };
  const to = lineFrom((tree.end[node] as number) - 1);
  return { from: start.line, to, headerEnd: block === undefined ? to : lineFrom(tree.start[block] as number) };
}

function scopeOf({ line, endLine, isAlone }: SpokenComment, statements: readonly Statement[]): CommentScope | undefined {
  const meets = (target: number): readonly Statement[] => statements.filter(({ from, headerEnd }) => from <= target && target <= headerEnd);
  const below = Math.min(...statements.map(({ from }) => from).filter((from) => from > endLine));
  const met = isAlone ? meets(below) : meets(line);
  const declared = met.find(({ at }) => at === "function");
  if (declared) return declared;
  if (met.length === 0) return undefined;
  return { from: Math.min(...met.map(({ from }) => from)), to: Math.max(...met.map(({ headerEnd }) => headerEnd)), at: "statement" };
}
