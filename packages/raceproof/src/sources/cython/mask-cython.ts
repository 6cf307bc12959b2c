// Cython as Python of the same length: what C adds is noted and blanked, everything else stays where it is.
// What enters: the text of a .pyx, .pxd or .pxi file. What leaves: text for the Python parser, and the declarations that are gone from it.
// Source: https://cython.readthedocs.io, "Language Basics" and "Extension types". Blocks that only describe C (extern, struct, enum) become `pass`;
// a declared type becomes an annotation where there is room for it, so that readers of Python see it.
// Misses: the types of expressions; conditional compilation (both branches of IF stay).
import type { CythonDeclaration } from "./cython-declaration.ts";
import { annotate, splitDeclarators, type Declarator } from "./declarators.ts";
import { readLogicalLines, type CythonToken, type LogicalLine } from "./logical-lines.ts";
import { maskExpressions } from "./mask-expressions.ts";
import { annotationOf, maskParameters } from "./mask-parameters.ts";
import { MaskedText } from "./masked-text.ts";

export interface MaskedCython {
  readonly bytes: Uint8Array;
  readonly declarations: readonly CythonDeclaration[];
  /** Where functions begin that only C can call. */
  readonly hidden: ReadonlySet<number>;
}

export function maskCython(text: string): MaskedCython {
  const masking = new CythonMasking(text);
  for (const line of readLogicalLines(text)) masking.mask(line);
  return { bytes: masking.text.finish(), declarations: masking.declarations, hidden: masking.hidden };
}

/** A block that is open while lines are indented deeper. */
interface OpenBlock {
  readonly indent: number;
  /** gone: blanked with all it holds. declarations: `cdef:`. */
  readonly kind: "gone" | "declarations" | "class" | "function" | "other";
}

const modifiers: ReadonlySet<string> = new Set(["public", "readonly", "inline", "api", "packed", "extern"]);
const aggregates: ReadonlySet<string> = new Set(["struct", "union", "enum", "fused", "cppclass"]);

class CythonMasking {
  readonly text: MaskedText;
  readonly declarations: CythonDeclaration[] = [];
  readonly hidden = new Set<number>();
  private readonly source: string;
  private readonly open: OpenBlock[] = [];
  /** Right before the statement. */
  private decorators: LogicalLine[] = [];

  constructor(source: string) {
    this.source = source;
    this.text = new MaskedText(source);
  }

  mask(line: LogicalLine): void {
    const { tokens, indent } = line;
    while (this.open.length > 0 && (this.open.at(-1) as OpenBlock).indent >= indent) this.open.pop();
    const around = this.open.at(-1)?.kind;
    const first = tokens[0] as CythonToken;
    if (around === "gone") this.text.blank(first.start, (tokens.at(-1) as CythonToken).end);
    else if (around === "declarations") this.maskDeclaration(line, 0);
    else this.maskStatement(line, first);
    if (first.text === "@") this.decorators.push(line);
    else this.decorators = [];
  }

  private maskStatement(line: LogicalLine, first: CythonToken): void {
    const { tokens } = line;
    const mask = beginsStatement(tokens) ? this.statements.get(first.text) : undefined;
    if (mask === undefined) this.maskOther(tokens);
    else mask(line, tokens[1] as CythonToken);
  }

  /** By first word; `second` is there, and the line is no mere expression with a variable of that name. */
  private readonly statements: ReadonlyMap<string, (line: LogicalLine, second: CythonToken) => void> = new Map([
    ["cdef", (line: LogicalLine) => this.maskDeclaration(line, 1)],
    ["cpdef", (line: LogicalLine) => this.maskDeclaration(line, 1)],
    ["ctypedef", (line: LogicalLine) => this.replaceAll(line)],
    ["include", (line: LogicalLine) => this.maskInclude(line)],
    ["cimport", ({ tokens }: LogicalLine) => this.rewrite(tokens[0] as CythonToken, "import")],
    ["from", ({ tokens }: LogicalLine) => this.maskFrom(tokens)],
    ["DEF", ({ tokens }: LogicalLine, second: CythonToken) => this.maskConstant(tokens, second)],
    ["IF", ({ tokens }: LogicalLine) => this.rewrite(tokens[0] as CythonToken, "if")],
    ["ELIF", ({ tokens }: LogicalLine) => this.rewrite(tokens[0] as CythonToken, "elif")],
    ["ELSE", ({ tokens }: LogicalLine) => this.rewrite(tokens[0] as CythonToken, "else")],
    ["property", (line: LogicalLine, second: CythonToken) => this.maskProperty(line, second)],
    ["def", (line: LogicalLine) => this.maskPlainFunction(line)],
    ["async", (line: LogicalLine) => this.maskPlainFunction(line)],
    ["raise", ({ tokens }: LogicalLine) => this.maskRaise(tokens)],
    ["class", (line: LogicalLine) => this.maskPlainClass(line)],
  ]);

  private rewrite({ start, end }: CythonToken, word: string): void {
    this.text.write(word, start, end);
  }

  private maskPlainClass({ tokens, indent }: LogicalLine): void {
    maskExpressions(tokens, this.text);
    this.open.push({ indent, kind: "other" });
  }

  private maskConstant(tokens: readonly CythonToken[], name: CythonToken): void {
    this.moveName(name, tokens[0] as CythonToken);
    maskExpressions(tokens.slice(2), this.text);
  }

  private maskOther(tokens: readonly CythonToken[]): void {
    const [first, , third] = tokens;
    if (first?.text === "for" && third?.text === "from") {
      this.text.write("in", third.start, third.end);
      const by = tokens.find((token) => token.text === "by" && token.depth === 0);
      if (by) this.text.blank(by.start, (tokens.at(-1) as CythonToken).start);
    }
    // Cython keeps `async` as a name.
    if (first?.text === "async" && tokens[1]?.text === "=") this.text.write("_sync", first.start, first.end);
    maskExpressions(tokens, this.text);
  }

  /** `raise Error, value` */
  private maskRaise(tokens: readonly CythonToken[]): void {
    const comma = tokens.find((token) => token.text === "," && token.depth === 0);
    if (comma) this.text.write(";", comma.start, comma.end);
    maskExpressions(tokens, this.text);
  }

  private maskFrom(tokens: readonly CythonToken[]): void {
    const cimport = tokens.find((token) => token.text === "cimport");
    if (cimport) this.rewrite(cimport, "import");
  }

  /** `include "part.pxi"`: the names of the part are names here. */
  private maskInclude(line: LogicalLine): void {
    const [first, path] = line.tokens as [CythonToken, CythonToken];
    const module = /^["'](?:\.\/)?((?:\w+\/)*\w+)\.p(?:xi|yx)["']$/.exec(path.text)?.[1];
    if (module === undefined) this.replaceAll(line);
    else this.text.write(`from.${module.replaceAll("/", ".")} import*`, first.start, path.end);
  }

  private maskProperty({ tokens, indent }: LogicalLine, name: CythonToken): void {
    const [first] = tokens as [CythonToken];
    this.text.write("class", first.start, first.end);
    this.declare("property", name, { type: "", words: [] });
    this.open.push({ indent, kind: "other" });
  }

  private maskPlainFunction({ tokens, indent }: LogicalLine): void {
    const isFunction = tokens.slice(0, 2).some((token) => token.text === "def");
    const open = isFunction ? tokens.findIndex((token) => token.text === "(") : -1;
    const close = open < 0 ? -1 : maskParameters(tokens, open, this.text);
    maskExpressions(tokens.slice(Math.max(0, close)), this.text);
    if (isFunction) this.open.push({ indent, kind: "function" });
  }

  /** @param from index of the first token behind `cdef`; 0 in a block of declarations */
  private maskDeclaration(line: LogicalLine, from: number): void {
    const { tokens } = line;
    const after = tokens.findIndex((token, index) => index >= from && (!modifiers.has(token.text) || tokens[index + 1]?.kind === "mark"));
    const at = after < 0 ? tokens.length : after;
    const words = tokens.slice(0, at).flatMap(({ text }) => (text === "cdef" ? [] : [text]));
    const next = tokens[at];
    const isOfC = next !== undefined && (words.includes("extern") || aggregates.has(next.text));
    if (next === undefined || isOfC) this.replaceAll(line);
    else if (opensDeclarations(tokens, at)) this.maskBlock(line);
    else if (next.text === "class") this.maskClass(line, at, words);
    else this.maskTyped(line, at, words);
  }

  /** `cdef:` and what is indented below it. */
  private maskBlock({ tokens, indent }: LogicalLine): void {
    this.text.write("if 1", (tokens[0] as CythonToken).start, (tokens.at(-1) as CythonToken).start);
    this.open.push({ indent, kind: "declarations" });
  }

  private maskClass(line: LogicalLine, at: number, words: readonly string[]): void {
    const { tokens, indent } = line;
    const name = tokens[at + 1];
    if (name === undefined || !tokens.some((token) => token.text === ":" && token.depth === 0)) {
      this.replaceAll(line);
      return;
    }
    const bracket = tokens.find((token) => token.text === "[" && token.depth === 0);
    // What is in brackets may go on over several lines, which a statement without them does not.
    if (bracket) this.text.write(":", bracket.start, (tokens.findLast((token) => token.text === ":" && token.depth === 0) as CythonToken).end);
    // The statement must begin where its line begins.
    const word = tokens[at] as CythonToken;
    this.text.write(word.text, (tokens[0] as CythonToken).start, word.end);
    this.declare("class", name, { type: "", words });
    this.open.push({ indent, kind: "class" });
  }

  /** Variables, or a function. */
  private maskTyped(line: LogicalLine, at: number, words: readonly string[]): void {
    const { tokens, indent } = line;
    const open = tokens.findIndex((token, index) => index > at && token.text === "(" && token.depth === 0 && tokens[index - 1]?.kind === "name");
    const name = tokens[open - 1];
    const isPointer = tokens[open + 1]?.text === "*";
    const isFunction = open > 0 && name !== undefined && !isPointer && !tokens.slice(at, open).some((token) => token.depth === 0 && /^[=,]$/.test(token.text));
    if (!isFunction) {
      this.maskVariables(line, at, words);
      return;
    }
    const close = maskParameters(tokens, open, this.text);
    const rest = tokens.slice(close + 1);
    const colon = rest.find((token) => token.text === ":" && token.depth === 0);
    const tail = rest.map((token) => token.text).filter((word) => /^(?:nogil|gil|noexcept)$/.test(word));
    this.declare("function", name, { type: this.sourceBetween(tokens[at] as CythonToken, name), words: [...words, ...tail] });
    if (colon === undefined) {
      this.replaceAll(line);
      return;
    }
    const first = tokens[0] as CythonToken;
    if (!words.includes("cpdef")) this.hidden.add(first.start);
    this.text.blank(first.start, name.start);
    this.text.write("def", first.start, first.start + "def".length);
    this.text.write(":", (tokens[close] as CythonToken).end, colon.end);
    this.open.push({ indent, kind: "function" });
    maskExpressions(rest.slice(rest.indexOf(colon) + 1), this.text);
  }

  private maskVariables({ tokens, indent }: LogicalLine, at: number, words: readonly string[]): void {
    const [first, last] = [tokens[0] as CythonToken, tokens.at(-1) as CythonToken];
    const declarators = splitDeclarators(tokens.slice(at));
    const typeTokens = tokens.slice(at, tokens.indexOf(declarators[0]?.name as CythonToken));
    const type = declarators[0] === undefined ? "" : this.sourceBetween(tokens[at] as CythonToken, declarators[0].name);
    const kind = this.kindAt(indent);
    for (const { name } of declarators) this.declare(kind, name, { type, words });
    if (declarators.every(({ equals }) => equals === undefined)) {
      const annotated = annotate(declarators, annotationOf(typeTokens) ?? (kind === "variable" ? undefined : "0"), last.end - first.start);
      if (annotated === undefined) this.replaceStatement(tokens);
      else this.text.write(annotated, first.start, last.end);
      return;
    }
    this.maskInitialized(tokens, declarators, annotationOf(typeTokens));
    maskExpressions(tokens.slice(at), this.text);
  }

  private maskInitialized([first]: readonly CythonToken[], declarators: readonly Declarator[], annotation: string | undefined): void {
    let from = (first as CythonToken).start;
    let isWritten = false;
    for (const { name, equals, end } of declarators) {
      if (equals === undefined) this.text.blank(from, end);
      else {
        this.text.blank(from, name.start);
        if (isWritten) this.text.write(";", from, from + 1);
        else this.moveName(name, first as CythonToken, declarators.length === 1 ? annotation : undefined);
        isWritten = true;
      }
      from = end;
    }
  }

  private replaceStatement(tokens: readonly CythonToken[]): void {
    const extentOf = (statement: readonly CythonToken[]): [number, number] => [(statement[0] as CythonToken).start, (statement.at(-1) as CythonToken).end];
    this.text.write("pass", ...extentOf(tokens));
    // Nothing is left that could be decorated.
    for (const decorator of this.decorators) this.text.blank(...extentOf(decorator.tokens));
  }

  /** A statement begins where its line begins: the name moves there, the only token that leaves its place. */
  private moveName(name: CythonToken, first: CythonToken, annotation?: string): void {
    if (this.source.slice(first.start, name.start).includes("\n")) {
      // It stands on a line of its own, behind a backslash.
      this.text.write("if 1:", first.start, first.start + "if 1:".length);
      return;
    }
    const annotated = annotation === undefined ? name.text : `${name.text}:${annotation}`;
    this.text.write(annotated.length <= name.end - first.start ? annotated : name.text, first.start, name.end);
  }

  private kindAt(indent: number): CythonDeclaration["kind"] {
    const block = this.open.findLast(({ kind }) => kind === "class" || kind === "function");
    if (block === undefined || indent === 0) return "global";
    return block.kind === "class" ? "attribute" : "variable";
  }

  /** The statement, and the block it may open, become `pass`. */
  private replaceAll({ tokens, indent }: LogicalLine): void {
    this.replaceStatement(tokens);
    if (tokens.at(-1)?.text === ":") this.open.push({ indent, kind: "gone" });
  }

  private declare(kind: CythonDeclaration["kind"], name: CythonToken, { type, words }: Pick<CythonDeclaration, "type" | "words">): void {
    this.declarations.push({ kind, name: name.text, offset: name.start, type, words });
  }

  private sourceBetween(from: CythonToken, to: CythonToken): string {
    return this.source.slice(from.start, to.start).replaceAll(/\s+/g, " ").trim();
  }
}

/** A word of Cython is a name like any other where no statement begins with it: `cdef = 1`. */
function beginsStatement(tokens: readonly CythonToken[]): boolean {
  const second = tokens[1];
  if (second === undefined || second.kind !== "mark") return second !== undefined;
  return second.text === ":" || (/^[(.]$/.test(second.text) && (tokens.at(-1)?.text === ":" || tokens[0]?.text === "from"));
}

/** `cdef:`, `cdef nogil:`, `cdef public:` */
function opensDeclarations(tokens: readonly CythonToken[], at: number): boolean {
  const rest = tokens.slice(at).map(({ text }) => text);
  return rest.at(-1) === ":" && rest.slice(0, -1).every((word) => word === "nogil" || modifiers.has(word));
}
