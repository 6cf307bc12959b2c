// Parsed files in, the comments that speak about hazards out, each with the lines it speaks about.
// Comments come from the parser, so the same words inside a string are none. Knows no hazard.
import { lineAt } from "../sources/index.ts";
import type { SyntaxTree } from "../sources/index.ts";
import { CommentScopes } from "./comment-scope.ts";
import type { CommentScope } from "./comment-scope.ts";
import { readRemark } from "./remark.ts";
import type { RemarkContent } from "./remark.ts";

export interface Remark {
  readonly file: string;
  readonly line: number;
  readonly content: RemarkContent;
  /** Undefined when it stands at nothing. */
  readonly scope: CommentScope | undefined;
}

/** Every word that can make a comment a remark contains one of these; most comments are dismissed by them. */
const telling = /raceproof|thread|guard|intentional|benign|noqa|pylint/i;

export function collectRemarks(file: string, tree: SyntaxTree): Remark[] {
  const out: Remark[] = [];
  let scopes: CommentScopes | undefined;
  const bytes = Buffer.from(tree.source.buffer, tree.source.byteOffset, tree.source.byteLength);
  for (const offset of tree.comments) {
    const end = endOfLine(bytes, offset);
    // The telling words are ASCII: decoding UTF-8 can wait for the few comments that have one.
    if (!telling.test(bytes.toString("latin1", offset, end))) continue;
    const content = readRemark(bytes.toString("utf8", offset, end));
    if (!content) continue;
    scopes ??= new CommentScopes(tree);
    out.push({ file, line: lineAt(tree, offset), content, scope: scopes.scopeOf(offset) });
  }
  return out;
}

function endOfLine(source: Uint8Array, offset: number): number {
  let end = offset;
  while (end < source.length && source[end] !== 0x0a && source[end] !== 0x0d) end++;
  return end;
}
