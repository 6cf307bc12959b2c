// A parsed Rust program in, the comments that speak to raceproof out, each with the lines it speaks about: its line, or the function or type it stands at.
// Misses: the other lines of a statement that takes several; comments inside macros.
import type { RustUnit } from "../sources/index.ts";
import type { RustProgram } from "../vocabulary/index.ts";
import type { Remark } from "./collect-remarks.ts";
import type { CommentScope } from "./comment-scope.ts";
import { readRemark } from "./remark.ts";
import { spokenComments } from "./slash-comments.ts";
import type { SpokenComment } from "./slash-comments.ts";

export function collectRustRemarks(units: readonly RustUnit[], program: RustProgram): Remark[] {
  return units.flatMap(({ path, tree }) => {
    const comments = spokenComments({ path, bytes: tree.source, lineStarts: tree.lineStarts, comments: tree.comments });
    if (comments.length === 0) return [];
    const lines = new TextDecoder().decode(tree.source).split("\n");
    return comments.flatMap((comment): Remark[] => {
      const content = readRemark(`# ${comment.text}`);
      return content === undefined ? [] : [{ file: path, line: comment.line, content, scope: scopeOf(comment, lines, program) }];
    });
  });
}

function scopeOf({ file, line, endLine, isAlone }: SpokenComment, lines: readonly string[], { functions, structs }: RustProgram): CommentScope | undefined {
  const target = isAlone ? nextCodeLine(lines, endLine) : line;
  if (target === undefined) return undefined;
  // Attributes stand above what they belong to; the comment may stand above them.
  const head = isAlone && /^\s*#\s*!?\[/.test(lines[target - 1] ?? "") ? (nextItemLine(lines, target) ?? target) : target;
  const at = [...functions.map(({ span }) => ({ span, at: "function" as const })), ...structs.map(({ span }) => ({ span, at: "class" as const }))].find(
    ({ span }) => span.file === file && span.endLine > span.line && span.line <= head && head <= headerEnd(lines, span.line),
  );
  return at === undefined ? { from: target, to: target, at: "statement" } : { from: Math.min(target, at.span.line), to: at.span.endLine, at: at.at };
}

/** The line on which the body of an item opens. */
function headerEnd(lines: readonly string[], from: number): number {
  const found = lines.findIndex((text, index) => index >= from - 1 && text.includes("{"));
  return found < 0 ? from : found + 1;
}

function nextCodeLine(lines: readonly string[], after: number): number | undefined {
  const found = lines.findIndex((text, index) => index >= after && !/^\s*(?:\/\/.*)?$/.test(text));
  return found < 0 ? undefined : found + 1;
}

function nextItemLine(lines: readonly string[], from: number): number | undefined {
  const found = lines.findIndex((text, index) => index >= from - 1 && /^\s*(?:pub\b[^;]*?|unsafe\s+|async\s+)*(?:fn|struct|enum)\b/.test(text));
  return found < 0 ? undefined : found + 1;
}
