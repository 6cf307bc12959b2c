// Python's tokens, one at a time, straight from UTF-8 bytes.
// What enters: zero-padded source bytes. What leaves: the current token in fields, problems of indentation.
// It never throws and never looks ahead. Literal text of f-strings is read by the parser (parse-string.ts), which
// moves `position` itself; the lexer only runs inside their replacement fields.

import type { SyntaxProblem } from "../syntax-tree.ts";
import { Byte, ByteClass, byteClassOf } from "./byte-class.ts";
import type { ByteNameTable } from "./byte-name-table.ts";
import { scanNumber } from "./scan-number.ts";
import { scanOperator } from "./scan-operator.ts";
import { scanString } from "./scan-string.ts";
import { scanWord } from "./scan-word.ts";
import { Token } from "./token.ts";

/** CPython's MAXINDENT (Parser/lexer/state.h). */
const deepestIndentation = 100;

const tabWidth = 8;

/** Where a lexer stands, to come back to after a guess that did not hold. */
export interface LexerMark {
  readonly position: number;
  readonly token: number;
  readonly tokenStart: number;
  readonly tokenEnd: number;
  readonly tokenName: number;
  readonly literal: number;
  readonly previousEnd: number;
  readonly depth: number;
  readonly fieldDepth: number;
  readonly atLineStart: boolean;
  readonly pendingDedents: number;
  readonly indentDepth: number;
}

export class Lexer {
  /** At least eight zero bytes follow the last source byte. */
  readonly source: Uint8Array;
  /** Number of source bytes, without the padding. */
  readonly length: number;
  readonly names: ByteNameTable;
  readonly problems: SyntaxProblem[] = [];
  /** Offsets of comments seen, ascending: what a guess reads twice is listed once. */
  readonly comments: number[] = [];
  /** Where the next token is looked for. */
  position: number;
  token = 0;
  tokenStart: number;
  tokenEnd: number;
  /** Interned id of a Name or keyword token. */
  tokenName = 0;
  /** ConstantType of a Number token; string prefix bits of a String or FormattedString token. */
  literal = 0;
  /** Why a token is Invalid. */
  invalidReason = "";
  /** End of the last token that carries text: the end of whatever was just parsed. */
  previousEnd: number;
  /** Open brackets; inside them line ends mean nothing. */
  depth = 0;
  /** Bracket depth of the innermost f-string replacement field (there ":=" is a colon), or 0. */
  fieldDepth = 0;
  indentDepth = 0;
  private readonly indents: Int32Array = new Int32Array(deepestIndentation + 2);
  private atLineStart = true;
  private pendingDedents = 0;

  constructor(source: Uint8Array, start: number, length: number, names: ByteNameTable) {
    this.source = source;
    this.length = length;
    this.names = names;
    this.position = start;
    this.tokenStart = start;
    this.tokenEnd = start;
    this.previousEnd = start;
  }

  /** Moves to the next token. */
  next(): void {
    if (this.token > Token.Dedent) this.previousEnd = this.tokenEnd;
    if (this.pendingDedents > 0) {
      this.pendingDedents--;
      this.setEmptyToken(Token.Dedent);
      return;
    }
    if (this.atLineStart && this.depth === 0 && this.startLine()) return;
    const character = this.skipBlanks();
    this.tokenStart = this.position;
    const byteClass = byteClassOf[character];
    if (byteClass === ByteClass.letter) scanWord(this);
    else if (byteClass === ByteClass.operator) scanOperator(this, character);
    else if (byteClass === ByteClass.quote) scanString(this, this.position, 0);
    else if (byteClass === ByteClass.newline) this.endLine(character);
    else if (byteClass === ByteClass.digit) scanNumber(this);
    else this.scanOther(character);
  }

  /** Ends a token here: records its kind and extent and moves behind it. */
  accept(token: number, end: number): void {
    this.token = token;
    this.tokenEnd = end;
    this.position = end;
  }

  invalid(end: number, reason: string): void {
    this.invalidReason = reason;
    this.accept(Token.Invalid, Math.min(end, this.length));
  }

  report(message: string, offset: number): void {
    this.problems.push({ message, offset });
  }

  mark(): LexerMark {
    const { position, token, tokenStart, tokenEnd, tokenName, literal, previousEnd, depth, fieldDepth, indentDepth } = this;
    const { atLineStart, pendingDedents } = this;
    return {
      position,
      token,
      tokenStart,
      tokenEnd,
      tokenName,
      literal,
      previousEnd,
      depth,
      fieldDepth,
      indentDepth,
      atLineStart,
      pendingDedents,
    };
  }

  /** Undoes everything since the mark. At most one line end may have been passed: the indentations below are still there. */
  reset(mark: LexerMark): void {
    Object.assign(this, mark);
  }

  /**
   * Goes on at the start of a physical line after a failure, inside blocks `indentDepth` deep; what was skipped ends at
   * the line end before it.
   */
  resumeAtLine(lineStart: number, indentDepth: number): void {
    let end = lineStart;
    while (end > 0 && byteClassOf[this.source[end - 1]!] === ByteClass.newline) end--;
    this.token = Token.Newline;
    this.tokenEnd = end;
    this.previousEnd = end;
    this.position = lineStart;
    this.depth = 0;
    this.fieldDepth = 0;
    this.pendingDedents = 0;
    this.indentDepth = indentDepth;
    this.atLineStart = true;
    this.next();
  }

  /** Byte after the current token and the blanks behind it. */
  peekByte(): number {
    const { source } = this;
    let at = this.tokenEnd;
    while (source[at] === Byte.space || source[at] === Byte.tab) at++;
    return source[at]!;
  }

  private setEmptyToken(token: number): void {
    this.token = token;
    this.tokenStart = this.position;
    this.tokenEnd = this.position;
  }

  private skipBlanks(): number {
    const { source } = this;
    let at = this.position;
    for (;;) {
      const character = source[at]!;
      if (character === Byte.space || character === Byte.tab || character === Byte.formFeed) at++;
      else if (character === Byte.hash) at = this.endOfComment(at);
      else if (character === Byte.backslash && byteClassOf[source[at + 1]!] === ByteClass.newline) at = this.nextLine(at + 1);
      else if (this.depth > 0 && byteClassOf[character] === ByteClass.newline) at++;
      else {
        this.position = at;
        return character;
      }
    }
  }

  private endOfComment(start: number): number {
    const { source, length, comments } = this;
    if (comments.length === 0 || comments[comments.length - 1]! < start) comments.push(start);
    let at = start;
    while (at < length && byteClassOf[source[at]!] !== ByteClass.newline) at++;
    return at;
  }

  /** Start of the line after a line end at `at`, which may be LF, CR or CR LF. */
  private nextLine(at: number): number {
    return this.source[at] === Byte.carriageReturn && this.source[at + 1] === Byte.lineFeed ? at + 2 : at + 1;
  }

  private endLine(character: number): void {
    this.token = Token.Newline;
    this.tokenEnd = this.position;
    this.position = character === Byte.lineFeed ? this.position + 1 : this.nextLine(this.position);
    this.atLineStart = true;
  }

  /** A byte that begins no token, or the end of the file, which first ends its last line. */
  private scanOther(character: number): void {
    if (this.position < this.length) {
      this.invalid(this.position + 1, character === Byte.nul ? "source contains a null byte" : "invalid character");
    } else if (this.token > Token.Dedent) {
      this.setEmptyToken(Token.Newline);
      this.atLineStart = true;
    } else {
      this.setEmptyToken(Token.EndOfFile);
    }
  }

  /** Skips blank lines; true when the next one's indentation made an Indent or Dedent token. */
  private startLine(): boolean {
    const { source } = this;
    let column = this.skipIndentation();
    for (;;) {
      if (source[this.position] === Byte.hash) this.position = this.endOfComment(this.position);
      if (byteClassOf[source[this.position]!] !== ByteClass.newline) break;
      this.position = this.nextLine(this.position);
      column = this.skipIndentation();
    }
    this.atLineStart = false;
    return this.changeIndentation(this.position >= this.length ? 0 : column);
  }

  /** Moves over the blanks that begin a line; gives the column they reach. */
  private skipIndentation(): number {
    const { source } = this;
    let column = 0;
    // Of an indentation continued by backslashes, the first line's counts (CPython's cont_line_col).
    let continued = 0;
    for (let at = this.position; ; at++) {
      const character = source[at]!;
      if (character === Byte.space) column++;
      else if (character === Byte.tab) column = (Math.floor(column / tabWidth) + 1) * tabWidth;
      else if (character === Byte.formFeed) column = 0;
      else if (character === Byte.backslash && byteClassOf[source[at + 1]!] === ByteClass.newline) {
        continued = continued === 0 ? column : continued;
        at = this.nextLine(at + 1) - 1;
      } else {
        this.position = at;
        return continued === 0 ? column : continued;
      }
    }
  }

  private changeIndentation(column: number): boolean {
    const { indents } = this;
    if (column === indents[this.indentDepth]) return false;
    if (column > indents[this.indentDepth]!) {
      if (this.indentDepth >= deepestIndentation) {
        this.report("too many levels of indentation", this.position);
        return false;
      }
      indents[++this.indentDepth] = column;
      this.setEmptyToken(Token.Indent);
      return true;
    }
    const before = this.indentDepth;
    while (indents[this.indentDepth]! > column) this.indentDepth--;
    if (indents[this.indentDepth]! < column) {
      // Between two levels: stay in the inner block, which goes on at the new column.
      this.report("unindent does not match any outer indentation level", this.position);
      indents[++this.indentDepth] = column;
    }
    if (this.indentDepth === before) return false;
    this.pendingDedents = before - this.indentDepth - 1;
    this.setEmptyToken(Token.Dedent);
    return true;
  }
}
