// Parser state: the lexer's current token plus the syntax tree under construction.
// What enters: padded source bytes. What leaves: nodes in post-order, failures, problems.
// The grammar is not here but in the parse-*.ts files, as functions on this state.

import { ExpressionContext, PythonKind as Kind } from "./kinds.ts";
import { Lexer, type LexerMark } from "./lexer.ts";
import type { ByteNameTable } from "./byte-name-table.ts";
import { borrowNodeArrays, copyNodeArrays, type NodeArrays, returnNodeArrays } from "./node-arrays.ts";
import { describeToken, Token } from "./token.ts";

/** Thrown by `fail` to leave a statement; one object for all, since why and where are kept in the parser. */
export const parseFailure: Error = new Error("statement does not parse");

/** A parser's place, to come back to when a guess does not hold. */
export interface ParserMark {
  readonly lexer: LexerMark;
  readonly size: number;
  readonly nesting: number;
  readonly problemCount: number;
}

/** How deep blocks, brackets and right-recursive operators may nest together before a statement is given up. */
const deepestNesting = 400;

/** What can be assigned to or deleted. */
const targetKinds: ReadonlySet<number> = new Set([Kind.Name, Kind.Attribute, Kind.Subscript, Kind.Tuple, Kind.List, Kind.Starred]);

export class Parser extends Lexer implements NodeArrays {
  size = 0;
  // The arrays' fields are here once more, one step nearer to the code that writes them.
  kind!: Uint8Array;
  role!: Uint8Array;
  detail!: Uint8Array;
  start!: Uint32Array;
  end!: Uint32Array;
  first!: Uint32Array;
  name!: Uint32Array;
  nesting = 0;
  failureMessage = "";
  failureOffset = 0;
  private capacity = 0;

  constructor(source: Uint8Array, start: number, length: number, names: ByteNameTable) {
    super(source, start, length, names);
    this.useArrays(borrowNodeArrays());
  }

  /** Ends the parse: the nodes in arrays of their own. */
  takeNodes(): NodeArrays {
    const nodes = copyNodeArrays(this, this.size, this.size);
    const { kind, role, detail, start, end, first, name } = this;
    returnNodeArrays({ kind, role, detail, start, end, first, name }, this.size);
    return nodes;
  }

  /** Appends a node from `start` to the end of the last token; the nodes from `first` on are its descendants. */
  emit(kind: number, start: number, first: number): number {
    const node = this.size;
    if (node === this.capacity) this.useArrays(copyNodeArrays(this, node, node * 2));
    this.kind[node] = kind;
    this.start[node] = start;
    this.end[node] = this.previousEnd;
    this.first[node] = first;
    this.size = node + 1;
    return node;
  }

  /** `emit` for a node that has a name. */
  emitNamed(kind: number, start: number, first: number, name: number): number {
    const node = this.emit(kind, start, first);
    this.name[node] = name;
    return node;
  }

  /** `emit` for a node that has a detail. */
  emitDetailed(kind: number, start: number, first: number, detail: number): number {
    const node = this.emit(kind, start, first);
    this.detail[node] = detail;
    return node;
  }

  /** Gives the node its role in the parent to come. */
  place(node: number, role: number): void {
    this.role[node] = role;
  }

  /** Gives a role to each node from `first` on that has no parent yet. */
  placeAll(first: number, role: number): void {
    for (let node = this.size - 1; node >= first; node = this.first[node]! - 1) this.role[node] = role;
  }

  /** Forgets the nodes from `size` on. */
  truncate(size: number): void {
    this.name.fill(0, size, this.size);
    this.role.fill(0, size, this.size);
    this.detail.fill(0, size, this.size);
    this.size = size;
  }

  /** Makes an expression a target (Store) or a deleted one (Del), with all its elements. */
  setContext(node: number, context: number): void {
    const kind = this.kind[node]!;
    if (!targetKinds.has(kind)) {
      this.report(context === ExpressionContext.Del ? "cannot delete this expression" : "cannot assign to this expression", this.start[node]!);
      return;
    }
    this.detail[node] = context;
    if (kind === Kind.Starred && context === ExpressionContext.Del) this.report("cannot delete a starred expression", this.start[node]!);
    if (kind === Kind.Tuple || kind === Kind.List || kind === Kind.Starred) this.setElementContexts(node, context);
  }

  private setElementContexts(node: number, context: number): void {
    const lowest = this.first[node]!;
    for (let child = node - 1; child >= lowest; child = this.first[child]! - 1) this.setContext(child, context);
  }

  /** Gives the statement up. */
  fail(message: string): never {
    this.failureMessage = this.token === Token.Invalid ? this.invalidReason : message;
    this.failureOffset = this.tokenStart;
    throw parseFailure;
  }

  expect(token: number): void {
    if (this.token !== token) this.fail(`expected ${describeToken(token)}, found ${describeToken(this.token)}`);
    this.next();
  }

  /** Skips the token if it is the current one. */
  skip(token: number): boolean {
    if (this.token !== token) return false;
    this.next();
    return true;
  }

  /** Reads an identifier and gives its name id. */
  expectName(): number {
    const name = this.tokenName;
    this.expect(Token.Name);
    return name;
  }

  /** Whether a node is a name without parentheses that ends where the parser stands. */
  isBareName(node: number): boolean {
    return this.kind[node] === Kind.Name && this.end[node] === this.previousEnd;
  }

  /** Every recursive construct enters and leaves; a failure resets the count where it is caught. */
  enter(): void {
    if (++this.nesting > deepestNesting) this.fail("nested too deeply");
  }

  canEnter(): boolean {
    return this.nesting < deepestNesting;
  }

  leave(): void {
    this.nesting--;
  }

  markParser(): ParserMark {
    return { lexer: this.mark(), size: this.size, nesting: this.nesting, problemCount: this.problems.length };
  }

  resetParser(mark: ParserMark): void {
    this.reset(mark.lexer);
    this.truncate(mark.size);
    this.nesting = mark.nesting;
    this.problems.length = mark.problemCount;
  }

  /** Whether a guess holds; when it does not, everything it did is undone. */
  attempt(guess: () => boolean): boolean {
    const mark = this.markParser();
    try {
      if (guess()) return true;
    } catch (thrown) {
      if (thrown !== parseFailure) throw thrown;
    }
    this.resetParser(mark);
    return false;
  }

  private useArrays(arrays: NodeArrays): void {
    this.kind = arrays.kind;
    this.role = arrays.role;
    this.detail = arrays.detail;
    this.start = arrays.start;
    this.end = arrays.end;
    this.first = arrays.first;
    this.name = arrays.name;
    this.capacity = arrays.kind.length;
  }
}
