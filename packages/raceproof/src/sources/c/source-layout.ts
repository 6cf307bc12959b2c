// Lines and comments of a C file as it is written.
// What enters: its text. What leaves: offsets. Comments in dead branches count: somebody may have answered for a hazard there.
import { Scanner, TokenKind } from "./scanner.ts";

export interface SourceLayout {
  readonly lineStarts: Uint32Array;
  readonly comments: Uint32Array;
}

export function readLayout(text: string): SourceLayout {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { lineStarts: Uint32Array.from(lineStarts), comments: Uint32Array.from(commentsIn(text)) };
}

function commentsIn(text: string): number[] {
  const scanner = new Scanner(text, 0, text.length, "tokens");
  const comments: number[] = [];
  scanner.comments = comments;
  do scanner.next();
  while (scanner.kind !== TokenKind.End);
  return comments;
}
