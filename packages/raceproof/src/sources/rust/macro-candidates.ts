// Finds what looks like a macro call in the text of a Rust file, and character literals the parser would trip over.
// What enters: text of one character per byte. What leaves: places. Strings, comments and attributes are passed over.

export interface MacroCandidate {
  /** Of its name, with the path before it. */
  readonly start: number;
  readonly bang: number;
  readonly open: number;
  readonly close: number;
  readonly delimiter: "(" | "[" | "{";
  /** Last segment. */
  readonly name: string;
  /** Offsets of the separators right inside: where its arguments end. */
  readonly commas: readonly number[];
  readonly semicolons: readonly number[];
  /** Of macro_rules: its groups, a pattern and a body in turn. */
  readonly groups: readonly RustGroup[] | undefined;
}

/** From an opening to a closing delimiter. */
export interface RustGroup {
  readonly open: number;
  readonly close: number;
}

export interface RustScan {
  readonly macros: readonly MacroCandidate[];
  /** Character literals with more than one byte between the quotes: from the opening quote to after the closing one. */
  readonly wideCharacters: readonly { readonly start: number; readonly end: number }[];
}

interface Opening {
  readonly at: number;
  readonly candidate: { readonly start: number; readonly bang: number; readonly name: string } | undefined;
  readonly commas: number[];
  readonly semicolons: number[];
  readonly groups: RustGroup[];
  /** Inside an attribute: nothing is a candidate. */
  readonly opaque: boolean;
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const interesting = /\/\/|\/\*|"|'|[A-Za-z_\x80-\xff][\w\x80-\xff]*|[()[\]{},;]|#!?\[|\d[\w.]*/g;

export function scanRust(text: string): RustScan {
  return new RustScanner(text).scan();
}

class RustScanner {
  private readonly text: string;
  private readonly pattern: RegExp = new RegExp(interesting);
  private readonly macros: MacroCandidate[] = [];
  private readonly wideCharacters: { start: number; end: number }[] = [];
  private readonly open: Opening[] = [];
  /** The macro whose delimiter comes next. */
  private pending: Opening["candidate"];

  constructor(text: string) {
    this.text = text;
  }

  scan(): RustScan {
    const { pattern, text } = this;
    for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
      const [token] = found;
      const after = this.passOver(token, found.index);
      if (after !== undefined) pattern.lastIndex = after;
      else if (/[()[\]{},;#]/.test(token[0] as string)) this.punctuate(token, found.index + token.length - 1);
      else if (!/\d/.test(token[0] as string)) pattern.lastIndex = this.word(token, found.index);
    }
    return { macros: this.macros, wideCharacters: this.wideCharacters };
  }

  /** @returns where a comment or literal that starts here ends */
  private passOver(token: string, at: number): number | undefined {
    const { text } = this;
    if (token === "//") return endOr(text, text.indexOf("\n", at));
    if (token === "/*") return this.endOfBlockComment(at + 2);
    if (token === '"') return endOfString(text, at + 1);
    return token === "'" ? this.endOfQuote(at) : undefined;
  }

  private endOfBlockComment(from: number): number {
    const marks = /\/\*|\*\//g;
    marks.lastIndex = from;
    for (let depth = 1; depth > 0;) {
      const mark = marks.exec(this.text);
      if (mark === null) return this.text.length;
      depth += mark[0] === "/*" ? 1 : -1;
    }
    return marks.lastIndex;
  }

  /** A character literal, or a lifetime. */
  private endOfQuote(at: number): number {
    const { text } = this;
    if (text[at + 1] === "\\") return endOr(text, text.indexOf("'", at + 3)) + 1;
    if (text[at + 2] === "'") return at + 3;
    const end = text.indexOf("'", at + 1);
    if ((text.codePointAt(at + 1) ?? 0) < 0x80 || end < 0 || end > at + 5) return at + 1;
    this.wideCharacters.push({ start: at, end: end + 1 });
    return end + 1;
  }

  /** @returns where to go on */
  private word(word: string, at: number): number {
    const { text } = this;
    const after = at + word.length;
    if (/^(?:b|c)?r$/.test(word) && /^#*"/.test(text.slice(after, after + 40))) return endOfRawString(text, after);
    if (text[after] !== "!" || text[after + 1] === "=") return after;
    const gap = matchedAt(text, after, word === "macro_rules" ? /^!\s*\w+\s*/ : /^!\s*/);
    if (closers[text[after + gap] ?? ""] === undefined) return after + 1;
    const before = matchedAt(text.slice(0, at), Math.max(0, at - 100), /(?:[\w$]+::|::)*$/);
    this.pending = { start: at - before, bang: after, name: word };
    return after + gap;
  }

  private punctuate(token: string, at: number): void {
    const { open } = this;
    const innermost = open.at(-1);
    const mark = token.at(-1) as string;
    if (closers[mark] !== undefined) {
      const opaque = token.startsWith("#") || (innermost?.opaque ?? false);
      open.push({ at, candidate: opaque ? undefined : this.pending, commas: [], semicolons: [], groups: [], opaque });
      this.pending = undefined;
    } else if (mark === ",") innermost?.commas.push(at);
    else if (mark === ";") innermost?.semicolons.push(at);
    else this.close(at);
  }

  private close(at: number): void {
    const last = this.open.pop();
    if (last === undefined) return;
    this.open.at(-1)?.groups.push({ open: last.at, close: at });
    const { commas, semicolons, candidate } = last;
    if (candidate === undefined) return;
    const delimiter = this.text[last.at] as MacroCandidate["delimiter"];
    const groups = candidate.name === "macro_rules" ? last.groups : undefined;
    if (closers[delimiter] === this.text[at]) this.macros.push({ ...candidate, open: last.at, close: at, delimiter, commas, semicolons, groups });
  }
}

/** Length of what the pattern matches in the text from there. */
function matchedAt(text: string, from: number, pattern: RegExp): number {
  return pattern.exec(text.slice(from, from + 200))?.[0].length ?? 0;
}

function endOr(text: string, found: number): number {
  return found < 0 ? text.length : found;
}

function endOfString(text: string, from: number): number {
  const end = /["\\]/g;
  end.lastIndex = from;
  for (let found = end.exec(text); found !== null; found = end.exec(text)) {
    if (found[0] === '"') return found.index + 1;
    end.lastIndex = found.index + 2;
  }
  return text.length;
}

function endOfRawString(text: string, from: number): number {
  let hashes = 0;
  while (text[from + hashes] === "#") hashes++;
  const end = text.indexOf(`"${"#".repeat(hashes)}`, from + hashes + 1);
  return end < 0 ? text.length : end + 1 + hashes;
}
