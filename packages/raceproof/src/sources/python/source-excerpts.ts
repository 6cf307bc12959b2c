// Files' bytes in, the text of any span of them out: decoded and split into lines only when a span of the file is asked for.
import { decodeSource } from "./decode-source.ts";
import { lineStartsOf } from "./parse-python.ts";

/** Lines from 1, columns in UTF-8 bytes from 0, as spans count them. */
export interface ExcerptSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Lines {
  readonly source: Uint8Array;
  readonly lineStarts: Uint32Array;
}

const decoder = new TextDecoder();

/** Gives "" for a file that is not among these. */
export function excerptReader(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): (span: ExcerptSpan) => string {
  const bytesOf = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const linesOf = new Map<string, Lines>();
  return (span) => {
    const lines = linesOf.get(span.file) ?? splitLines(bytesOf.get(span.file));
    if (!lines) return "";
    linesOf.set(span.file, lines);
    return excerptOf(lines, span);
  };
}

function splitLines(bytes: Uint8Array | undefined): Lines | undefined {
  if (!bytes) return undefined;
  const { bytes: source, start } = decodeSource(bytes);
  return { source, lineStarts: lineStartsOf({ source, length: source.length }, start) };
}

export function excerptOf({ source, lineStarts }: Lines, { line, column, endLine, endColumn }: ExcerptSpan): string {
  const from = (lineStarts[line - 1] ?? 0) + column;
  const to = (lineStarts[endLine - 1] ?? 0) + endColumn;
  return decoder.decode(source.subarray(from, to));
}
