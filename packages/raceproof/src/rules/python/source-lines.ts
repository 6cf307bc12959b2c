// The lines of a file as they are written, for fixes that replace whole statements. Offsets are those of a FixSource: one character per byte.
import type { FixAnswer, TextEdit } from "../../vocabulary/index.ts";

export interface SourceLine {
  readonly indent: string;
  /** Without the indent, the line end and a comment behind it. */
  readonly code: string;
  /** With its "#"; "" when there is none. */
  readonly comment: string;
  readonly from: number;
  /** Behind its line end. */
  readonly to: number;
}

/** From a line on (1 is the first), as many as are asked for; blank ones too. */
export function linesFrom(text: string, line: number, count: number): SourceLine[] {
  let from = 0;
  for (let number = 1; number < line; number++) {
    const end = text.indexOf("\n", from);
    if (end < 0) return [];
    from = end + 1;
  }
  const found: SourceLine[] = [];
  while (found.length < count && from < text.length) {
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end + 1;
    const whole = text.slice(from, to).replace(/\r?\n$/, "");
    const indent = /^[ \t]*/.exec(whole)?.[0] ?? "";
    // A comment is only told from a string where there is no quote before it.
    const code = whole
      .slice(indent.length)
      .replace(/^([^#'"]*?)\s*#.*$/, "$1")
      .trimEnd();
    const comment = whole.slice(indent.length + code.length).trim();
    found.push({ indent, code, comment, from, to });
    from = to;
  }
  return found;
}

export function replaceLines(lines: readonly SourceLine[], file: string, code: string): TextEdit {
  const [first, last] = [lines[0] as SourceLine, lines.at(-1) as SourceLine];
  const comments = lines.flatMap(({ comment }) => comment || []).join(" ");
  return { file, from: first.from, to: last.to, text: `${first.indent}${code}${comments === "" ? "" : `  ${comments}`}\n` };
}

/** An expression that names the same object however often it is evaluated: names, attributes, literals, also as elements of a tuple. */
export const plainExpression: RegExp = /^\(?(?:[A-Za-z_][\w.]*|-?\d+|'[^'\\]*'|"[^"\\]*")(?:\s*,\s*(?:[A-Za-z_][\w.]*|-?\d+|'[^'\\]*'|"[^"\\]*"))*,?\)?$/;

export function refusal(reason: string): FixAnswer {
  return { kind: "refusal", reason };
}
