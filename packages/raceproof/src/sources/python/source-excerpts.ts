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

/** Of files that are still there when the subject is audited again. */
const splitFiles = new WeakMap<Uint8Array, Lines>();

/** Gives "" for a file that is not among these. */
export function excerptReader(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): (span: ExcerptSpan) => string {
  const bytesOf = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return (span) => {
    const bytes = bytesOf.get(span.file);
    return bytes ? excerptOf(linesOf(bytes), span) : "";
  };
}

function linesOf(bytes: Uint8Array): Lines {
  let lines = splitFiles.get(bytes);
  if (!lines) {
    const { bytes: source, start } = decodeSource(bytes);
    lines = { source, lineStarts: lineStartsOf({ source, length: source.length }, start) };
    splitFiles.set(bytes, lines);
  }
  return lines;
}

export function excerptOf({ source, lineStarts }: Lines, { line, column, endLine, endColumn }: ExcerptSpan): string {
  const from = (lineStarts[line - 1] ?? 0) + column;
  const to = (lineStarts[endLine - 1] ?? 0) + endColumn;
  return decoder.decode(source.subarray(from, to));
}
