// The statements of a Cython file as tokens.
// What enters: its text, one character per byte. What leaves: logical lines (brackets, backslashes and long strings joined), each with its tokens.
// It knows no grammar: comments and indentation are all it takes from Python.

export interface CythonToken {
  readonly kind: "name" | "number" | "string" | "mark";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Brackets around it. */
  readonly depth: number;
}

export interface LogicalLine {
  /** Columns before the first token. */
  readonly indent: number;
  readonly tokens: readonly CythonToken[];
}

const pattern =
  /(?<gap>[ \t\f\r]+|\\\r?\n|#[^\n]*)|(?<newline>\n)|(?<string>[A-Za-z]{0,2}(?:"""(?:[^\\]|\\[^])*?(?:"""|$(?![^]))|'''(?:[^\\]|\\[^])*?(?:'''|$(?![^]))|"(?:[^"\\\n]|\\[^])*(?:"|(?=\n)|$)|'(?:[^'\\\n]|\\[^])*(?:'|(?=\n)|$)))|(?<name>[A-Za-z_\x80-\xff][\w\x80-\xff]*)|(?<number>\.?\d(?:[\w.]|[eE][+-](?=\d))*)|(?<mark>[^])/gy;

export function* readLogicalLines(text: string): Generator<LogicalLine> {
  let tokens: CythonToken[] = [];
  let depth = 0;
  for (const { groups = {}, index, 0: found } of text.matchAll(pattern)) {
    const kind = kinds.find((name) => groups[name] !== undefined);
    if (kind !== undefined) {
      if (closing.test(found)) depth = Math.max(0, depth - 1);
      tokens.push({ kind, text: found, start: index, end: index + found.length, depth });
      if (opening.test(found)) depth++;
    } else if (groups["newline"] !== undefined && depth === 0 && tokens.length > 0) {
      yield { indent: columnOf(text, tokens), tokens };
      tokens = [];
    }
  }
  if (tokens.length > 0) yield { indent: columnOf(text, tokens), tokens };
}

const kinds = ["string", "name", "number", "mark"] as const;
const opening = /^[([{]$/;
const closing = /^[)\]}]$/;

function columnOf(text: string, [first]: readonly CythonToken[]): number {
  return first === undefined ? 0 : first.start - (text.lastIndexOf("\n", first.start - 1) + 1);
}
