// Preprocessing tokens of one C file.
// What enters: its text, one character per byte. What leaves: one token after the other, and the ways to step over lines and dead branches.
// It decides nothing: directives are reported, and the reader says which branch lives. Source: C17 section 6.4, C++ for raw strings.
import { characterClass, Class } from "./character-class.ts";

export const TokenKind = { End: 0, Identifier: 1, Number: 2, Text: 3, Punctuator: 4, Directive: 5 } as const;

const newline = 10;
const quote = 34;
const hash = 35;
const apostrophe = 39;
const star = 42;
const slash = 47;
const backslash = 92;

export class Scanner {
  readonly text: string;
  readonly limit: number;
  /** Behind the token. */
  at: number;
  kind: number = TokenKind.End;
  start = 0;
  /** Whether whitespace stands before the token. */
  spaced = false;
  /** Where the last comment before the token begins, or -1. */
  comment = -1;
  /** Takes where each comment begins, if somebody wants to know. */
  comments: number[] | undefined;
  /** Whether a "#" here would begin a directive. */
  private fresh: boolean;

  /** @param directives whether "#" at the beginning of a line is a directive; not so within one */
  constructor(text: string, start = 0, limit: number = text.length, directives: "directives" | "tokens" = "directives") {
    this.text = text;
    this.at = start;
    this.limit = limit;
    this.fresh = directives === "directives";
    this.directives = this.fresh;
  }

  private readonly directives: boolean;

  next(): void {
    this.skipGap();
    const { text, at } = this;
    this.start = at;
    if (at >= this.limit) {
      this.kind = TokenKind.End;
      return;
    }
    const character = text.charCodeAt(at);
    const type = characterClass[character]!;
    const fresh = this.fresh;
    this.fresh = false;
    if (type === Class.letter) this.scanWord();
    else if (type === Class.digit || (character === 46 && characterClass[text.charCodeAt(at + 1)] === Class.digit)) this.scanNumber();
    else if (type === Class.quote) {
      this.kind = TokenKind.Text;
      this.at = this.endOfQuoted(at);
    } else {
      this.kind = character === hash && fresh ? TokenKind.Directive : TokenKind.Punctuator;
      this.at = at + 1;
    }
  }

  /** Goes back to a place where a token ended. */
  rewind(at: number): void {
    this.at = at;
    this.fresh = false;
  }

  /** Text of the token. */
  word(): string {
    return this.text.slice(this.start, this.at);
  }

  private scanWord(): void {
    const { text, limit } = this;
    let at = this.at + 1;
    while (at < limit && characterClass[text.charCodeAt(at)]! <= Class.digit) at++;
    this.kind = TokenKind.Identifier;
    // R"delimiter(...)delimiter"
    if (text.charCodeAt(at) === quote && text.charCodeAt(at - 1) === 82 && at - this.at <= 3) {
      const raw = /^(?:u8|[uUL])?R"([^()\\\s]{0,16})\(/.exec(text.slice(this.at, this.at + 24));
      const close = raw ? text.indexOf(`)${raw[1] ?? ""}"`, at) : -1;
      if (raw && close >= 0) {
        this.kind = TokenKind.Text;
        at = Math.min(limit, close + 2 + (raw[1] ?? "").length);
      }
    }
    this.at = at;
  }

  private scanNumber(): void {
    const { text, limit } = this;
    let at = this.at + 1;
    for (; at < limit; at++) {
      const character = text.charCodeAt(at);
      if (characterClass[character]! <= Class.digit || character === 46) continue;
      const isSign = character === 43 || character === 45;
      if (isSign && /[eEpP]/.test(text[at - 1]!)) continue;
      // 1'000'000, but not 'x' after a number.
      if (character === apostrophe && characterClass[text.charCodeAt(at + 1)]! <= Class.digit && text.charCodeAt(at + 2) !== apostrophe) continue;
      break;
    }
    this.kind = TokenKind.Number;
    this.at = at;
  }

  /** A literal ends at its quote, or with the line where that is missing. */
  private endOfQuoted(start: number): number {
    const { text, limit } = this;
    const close = text.charCodeAt(start);
    for (let at = start + 1; at < limit; at++) {
      const character = text.charCodeAt(at);
      if (character === close) return at + 1;
      if (character === backslash) at++;
      else if (character === newline) return at;
    }
    return limit;
  }

  private skipGap(): void {
    const { text, limit } = this;
    const from = this.at;
    let at = from;
    this.comment = -1;
    for (; at < limit; at++) {
      const character = text.charCodeAt(at);
      const type = characterClass[character]!;
      if (type === Class.space) continue;
      if (type === Class.newline) {
        this.fresh = this.directives;
        continue;
      }
      if (character === backslash && isLineEnd(text, at + 1)) continue;
      const end = character === slash ? this.endOfComment(at) : at;
      if (end === at) break;
      this.comment = at;
      this.comments?.push(at);
      at = end - 1;
    }
    this.at = Math.min(at, limit);
    this.spaced = this.at > from;
  }

  /** Behind the comment that begins here, or `at` when none does. */
  endOfComment(at: number): number {
    const { text, limit } = this;
    const second = text.charCodeAt(at + 1);
    if (second === star) {
      const close = text.indexOf("*/", at + 2);
      return close < 0 || close + 2 > limit ? limit : close + 2;
    }
    return second === slash ? this.endOfLine(at) : at;
  }

  /** The line feed that ends this line, counting lines joined by a backslash as one. */
  private endOfLine(from: number): number {
    const { text, limit } = this;
    for (let at = text.indexOf("\n", from); at >= 0 && at < limit; at = text.indexOf("\n", at + 1)) {
      const before = text.charCodeAt(at - 1) === 13 ? at - 2 : at - 1;
      if (text.charCodeAt(before) !== backslash) return at;
    }
    return limit;
  }

  /** Steps over the rest of a directive. @returns where it ends */
  takeLine(): number {
    const { text, limit } = this;
    let at = this.at;
    for (; at < limit; at++) {
      const character = text.charCodeAt(at);
      if (characterClass[character] === Class.quote) at = this.endOfQuoted(at) - 1;
      else if (character === newline) break;
      else if (character === backslash) at = isLineEnd(text, at + 1) ? text.indexOf("\n", at) : at;
      else if (character === slash) at = Math.max(at, this.endOfComment(at) - 1);
    }
    this.at = Math.min(at, limit);
    return this.at;
  }

  /**
   * Steps to the directive that ends a dead branch of a conditional, behind its name.
   * @returns "elif", "elifdef", "elifndef", "else" or "endif"; "" at the end of the file
   */
  skipBranch(): string {
    let depth = 0;
    for (;;) {
      this.takeLine();
      this.fresh = true;
      this.skipGap();
      if (this.at >= this.limit) return "";
      if (this.text.charCodeAt(this.at) !== hash) continue;
      this.at++;
      const name = this.directiveName();
      if (name.startsWith("if")) depth++;
      else if (depth === 0 && /^(?:el|endif$)/.test(name)) return name;
      else if (name === "endif") depth--;
    }
  }

  /** The word behind "#", or "" when there is none on this line. */
  directiveName(): string {
    const { text, limit } = this;
    let at = this.at;
    while (at < limit && characterClass[text.charCodeAt(at)] === Class.space) at++;
    const start = at;
    while (at < limit && characterClass[text.charCodeAt(at)]! <= Class.digit) at++;
    this.at = at;
    return text.slice(start, at);
  }

  /** Whether the next token is an opening parenthesis. */
  isBeforeParenthesis(): boolean {
    const { at, spaced, comment, fresh } = this;
    this.skipGap();
    const found = this.at < this.limit && this.text.charCodeAt(this.at) === 40;
    this.at = at;
    this.spaced = spaced;
    this.comment = comment;
    this.fresh = fresh;
    return found;
  }
}

function isLineEnd(text: string, at: number): boolean {
  const character = text.charCodeAt(at);
  return character === newline || (character === 13 && text.charCodeAt(at + 1) === newline);
}
