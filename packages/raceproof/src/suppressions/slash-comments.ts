// A file in a language with comments between /* and */ and behind // in, those that speak to raceproof out. Knows no language but that.

export interface CommentedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Byte offsets, ascending. */
  readonly lineStarts: Uint32Array;
  readonly comments: Uint32Array;
}

/** A comment that names raceproof. */
export interface SpokenComment {
  readonly file: string;
  readonly line: number;
  /** Line of its last character. */
  readonly endLine: number;
  readonly text: string;
  /** Nothing but blanks before it and behind it. */
  readonly isAlone: boolean;
}

/** Those that name raceproof. */
export function spokenComments(file: CommentedFile): SpokenComment[] {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  const found: SpokenComment[] = [];
  for (const offset of file.comments) {
    const isBlock = bytes[offset + 1] === 0x2a;
    const close = bytes.indexOf(isBlock ? "*/" : "\n", offset + 2, "latin1");
    const end = close < 0 ? bytes.length : isBlock ? close + 2 : close;
    if (!/raceproof\s*:/i.test(bytes.toString("latin1", offset, end))) continue;
    const written = bytes.toString("utf8", offset, end).slice(2);
    const text = (isBlock ? written.replace(/\*\/$/, "").replaceAll(/\s*\n[ \t]*\*?[ \t]*/g, " ") : written).trim();
    if (!/^raceproof\s*:/i.test(text)) continue;
    const line = lineOf(file, offset);
    const endLine = lineOf(file, end - 1);
    const before = bytes.toString("latin1", file.lineStarts[line - 1] ?? 0, offset);
    const after = bytes.toString("latin1", end, file.lineStarts[endLine] ?? bytes.length);
    found.push({ file: file.path, line, endLine, text, isAlone: `${before}${after}`.trim() === "" });
  }
  return found;
}

export function lineOf({ lineStarts }: Pick<CommentedFile, "lineStarts">, offset: number): number {
  const next = lineStarts.findIndex((start) => start > offset);
  return next < 0 ? lineStarts.length : next;
}
