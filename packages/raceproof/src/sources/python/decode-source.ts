// Source bytes in whatever encoding the file declares, as UTF-8.
// What enters: a file's bytes. What leaves: UTF-8 bytes (the same ones when they were UTF-8), where the text begins
// behind a byte order mark, and problems. Source: PEP 263 and https://docs.python.org/3/reference/lexical_analysis.html.

import { isUtf8 } from "node:buffer";
import type { SyntaxProblem } from "../syntax-tree.ts";
import { Byte, ByteClass, byteClassOf } from "./byte-class.ts";

export interface DecodedSource {
  readonly bytes: Uint8Array;
  /** Offset of the first byte behind a byte order mark. */
  readonly start: number;
  readonly problems: readonly SyntaxProblem[];
}

const byteOrderMark: readonly number[] = [0xef, 0xbb, 0xbf];
const cookiePattern = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const blankPattern = /^[ \t\f]*(?:#.*)?$/;

/** Python's name for an encoding (lower case, "-" for "_") to the name TextDecoder knows, where they differ. */
const decoderLabels = new Map<string, string>([
  ["cp932", "shift_jis"],
  ["ms-kanji", "shift_jis"],
  ["cp949", "euc-kr"],
  ["uhc", "euc-kr"],
  ["cp936", "gbk"],
  ["cp950", "big5"],
  ["eucjp", "euc-jp"],
  ["euckr", "euc-kr"],
  ["mac-roman", "macintosh"],
  ["mac-cyrillic", "x-mac-cyrillic"],
  ["iso2022-jp", "iso-2022-jp"],
  ["tis-620", "windows-874"],
]);
const utf8Labels: ReadonlySet<string> = new Set(["utf-8", "utf8", "utf-8-sig", "u8", "utf", "cp65001"]);
/** TextDecoder would read these as windows-1252, which differs in 32 characters. */
const latin1Labels: ReadonlySet<string> = new Set([
  "latin-1",
  "latin1",
  "iso-8859-1",
  "iso8859-1",
  "iso-latin-1",
  "l1",
  "8859",
  "cp819",
  "ascii",
  "us-ascii",
  "646",
]);

/** Node.js 20 decodes windows-1252 as Latin-1. */
const windows1252Labels: ReadonlySet<string> = new Set(["cp1252", "windows-1252", "1252"]);
/** Bytes 0x80 to 0x9f; the five that are unassigned stay controls. */
const windows1252Characters = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

export function decodeSource(source: Uint8Array): DecodedSource {
  const start = byteOrderMark.every((byte, index) => source[index] === byte) ? byteOrderMark.length : 0;
  const label = declaredEncoding(source, start);
  // With the mark CPython takes no other spelling than these.
  if (start > 0 && label !== undefined && !/^utf-8(?:-|$)/.test(label)) {
    return { bytes: source, start, problems: [{ message: `byte order mark in a file declared as ${label}`, offset: 0 }] };
  }
  return label === undefined || utf8Labels.has(label) ? checkUtf8(source, start) : transcode(source, label);
}

/** The encoding named in a comment on the first line, or on the second when the first is blank or a comment. */
function declaredEncoding(source: Uint8Array, start: number): string | undefined {
  let lineStart = start;
  for (let line = 0; line < 2; line++) {
    let lineEnd = lineStart;
    while (lineEnd < source.length && byteClassOf[source[lineEnd]!] !== ByteClass.newline) lineEnd++;
    const text = Buffer.from(source.subarray(lineStart, lineEnd)).toString("latin1");
    const cookie = cookiePattern.exec(text);
    if (cookie !== null) return cookie[1]?.toLowerCase().replaceAll("_", "-");
    if (!blankPattern.test(text)) return undefined;
    lineStart = source[lineEnd] === Byte.carriageReturn && source[lineEnd + 1] === Byte.lineFeed ? lineEnd + 2 : lineEnd + 1;
  }
  return undefined;
}

function checkUtf8(source: Uint8Array, start: number): DecodedSource {
  if (isUtf8(source)) return { bytes: source, start, problems: [] };
  return { bytes: source, start, problems: [{ message: "source is not valid UTF-8", offset: 0 }] };
}

function transcode(source: Uint8Array, label: string): DecodedSource {
  const text = decodeWith(label, source);
  if (text === undefined) {
    return { bytes: source, start: 0, problems: [{ message: `unknown source encoding ${label}`, offset: 0 }] };
  }
  return { bytes: new TextEncoder().encode(text), start: 0, problems: [] };
}

function decodeWith(label: string, source: Uint8Array): string | undefined {
  if (latin1Labels.has(label)) return Buffer.from(source).toString("latin1");
  if (windows1252Labels.has(label)) {
    return Buffer.from(source)
      .toString("latin1")
      .replaceAll(/[\x80-\x9f]/g, (control) => windows1252Characters[control.charCodeAt(0) - 0x80]!);
  }
  try {
    return new TextDecoder(decoderLabels.get(label) ?? label).decode(source);
  } catch {
    return undefined;
  }
}
