// From the engine's tree to our flat arrays.
// What enters: a parsed text and its grammar. What leaves: nodes in post-order, and how many bytes did not parse.
import { ByteNameTable } from "../python/byte-name-table.ts";
import type { NameTable, SyntaxProblem } from "../syntax-tree.ts";
import { errorSymbol, TreeFlattening } from "../tree-sitter/tree-flattening.ts";
import { Treatment } from "./grammar.ts";
import type { Grammar, GrammarTables } from "./grammar.ts";
import { namedByChild } from "./grammar-kinds.ts";
import { CFlag, CKind, COperator, CRole } from "./kinds.ts";
import { markSection, nameFromChild } from "./node-endings.ts";

export interface FlatteningInput {
  readonly text: string;
  readonly source: Uint8Array;
  readonly grammar: Grammar;
  readonly names: NameTable;
  readonly hasErrors: boolean;
}

const nameRoles = new Uint8Array(256);
for (const [kind, role] of Object.entries(namedByChild)) nameRoles[CKind[kind as keyof typeof CKind]] = CRole[role];

/** What a number in an open node's frame means is told by its offset. */
const frameWidth = 7;
const Frame = { kind: 0, role: 1, childRole: 2, detail: 3, name: 4, start: 5, first: 6 } as const;

export class Flattening extends TreeFlattening {
  errorBytes = 0;
  functions = 0;
  readonly problems: SyntaxProblem[] = [];
  private readonly text: string;
  private readonly source: Uint8Array;
  private readonly names: NameTable;
  private readonly tables: GrammarTables;
  private readonly hasErrors: boolean;
  private errorEnd = 0;

  constructor({ text, source, grammar, names, hasErrors }: FlatteningInput) {
    super(grammar.engine, frameWidth);
    this.text = text;
    this.source = source;
    this.names = names;
    this.tables = grammar.tables;
    this.hasErrors = hasErrors;
  }

  protected enter(address: number): boolean {
    const { engine, tables } = this;
    const symbol = engine.symbol(address);
    if (symbol === errorSymbol) return this.enterError(address);
    const treatment = tables.treatment[symbol]!;
    if (treatment === Treatment.Skip) {
      this.enterToken(address, symbol);
      return false;
    }
    const field = engine.field(address);
    const start = engine.start(address);
    if (treatment >= Treatment.Pass) {
      this.open(symbol, this.roleFor(field), start);
      return true;
    }
    const end = engine.end(address);
    if (start === end && this.hasErrors) this.addMissing(start);
    if (treatment === Treatment.Flags) this.stack[this.top + Frame.detail]! |= flagOf(this.text.slice(start, end));
    else if (treatment === Treatment.Whole) this.add({ kind: tables.kind[symbol]!, role: this.roleFor(field), start, end, name: 0 });
    else this.addNamed(symbol, field, { start, end });
    return false;
  }

  /** Tokens matter where they are operators, and where one is missing. */
  private enterToken(address: number, symbol: number): void {
    const operator = this.tables.operator[symbol]!;
    if (operator !== 0) this.stack[this.top + Frame.detail] ||= this.isOperand() ? 0 : operator;
    if (!this.hasErrors) return;
    const start = this.engine.start(address);
    if (start === this.engine.end(address)) this.addMissing(start);
  }

  /** Declarations have flags where expressions have operators. */
  private isOperand(): boolean {
    return operatorKinds[this.stack[this.top + Frame.kind]!] === 0;
  }

  private addNamed(symbol: number, field: number, { start, end }: { readonly start: number; readonly end: number }): void {
    const { stack, top, tables } = this;
    const name = this.nameBetween(start, end);
    const parent = stack[top + Frame.kind]!;
    if (tables.fieldNames[field] === 1 || (field === 0 && nameHolders[parent] === 1 && stack[top + Frame.name] === 0)) stack[top + Frame.name] = name;
    else this.add({ kind: tables.kind[symbol]!, role: this.roleFor(field), start, end, name });
  }

  private nameBetween(start: number, end: number): number {
    const { text, source, names } = this;
    let at = start;
    while (at < end && source[at]! > 32) at++;
    // Nothing but types has spaces within, and few of them.
    if (at < end) return names.intern(text.slice(start, end).replaceAll(/\s+/g, " "));
    return names instanceof ByteNameTable ? names.internBytes(source, start, end) : names.intern(text.slice(start, end));
  }

  private roleFor(field: number): number {
    const { stack, top } = this;
    const role = this.tables.fieldRole[field]! || stack[top + Frame.childRole]!;
    if (role !== CRole.operand) return role;
    const parent = stack[top + Frame.kind]!;
    return parent === CKind.Member || parent === CKind.Subscript ? CRole.object : role;
  }

  private open(symbol: number, role: number, start: number): void {
    this.raise();
    const { stack, top, tables } = this;
    const isNode = tables.treatment[symbol] === Treatment.Node;
    stack[top + Frame.kind] = isNode ? tables.kind[symbol]! : 0;
    stack[top + Frame.role] = role;
    stack[top + Frame.childRole] = tables.childRole[symbol]! || role;
    stack[top + Frame.detail] = 0;
    stack[top + Frame.name] = 0;
    stack[top + Frame.start] = start;
    stack[top + Frame.first] = this.size;
  }

  private enterError(address: number): boolean {
    const start = this.engine.start(address);
    const end = this.engine.end(address);
    if (start >= this.errorEnd) {
      this.errorBytes += Math.max(1, end - start);
      this.errorEnd = end;
      this.problems.push({ message: "does not parse", offset: start });
    }
    const role = this.stack[this.top + Frame.childRole]!;
    this.raise();
    this.stack.set([CKind.Error, role, CRole.part, 0, 0, start, this.size], this.top);
    return true;
  }

  private addMissing(at: number): void {
    if (at < this.errorEnd) return;
    this.errorBytes++;
    this.problems.push({ message: "a token is missing", offset: at });
    const error = this.add({ kind: CKind.Error, role: CRole.part, start: at, end: at, name: 0 });
    this.nodes.detail[error] = 1;
  }

  protected leave(address: number): void {
    const { stack, top } = this;
    const kind = stack[top + Frame.kind]!;
    this.lower();
    if (kind === 0) {
      // Flags and names found below a node that is none of ours belong to the one around it.
      stack[this.top + Frame.detail]! |= stack[top + Frame.detail]!;
      return;
    }
    const detail = stack[top + Frame.detail]!;
    const node = this.add({
      kind: finalKind(kind, detail),
      role: stack[top + Frame.role]!,
      start: stack[top + Frame.start]!,
      end: this.engine.end(address),
      name: stack[top + Frame.name]!,
    });
    this.nodes.first[node] = stack[top + Frame.first]!;
    if (kind !== CKind.Dereference) this.nodes.detail[node] = detail;
    this.finish(kind, node);
  }

  /** What a node takes from its children. */
  private finish(kind: number, node: number): void {
    const { nodes } = this;
    if (nodes.name[node] === 0 && nameRoles[kind] !== 0) nodes.name[node] = nameFromChild(nodes, node, nameRoles[kind]!);
    else if (kind === CKind.Block) markSection(nodes, node, this.names);
    if (kind === CKind.FunctionDefinition) this.functions++;
  }
}

const operatorKinds = new Uint8Array(256);
for (const kind of [CKind.Assignment, CKind.Binary, CKind.Unary, CKind.Update, CKind.Member, CKind.Dereference]) operatorKinds[kind] = 1;

/** Kinds whose name is a child without a field. */
const nameHolders = new Uint8Array(256);
for (const kind of [CKind.FieldDesignator, CKind.FieldInitializer, CKind.Goto, CKind.Namespace]) nameHolders[kind] = 1;

function finalKind(kind: number, detail: number): number {
  return kind === CKind.Dereference && detail === COperator.BitAnd ? CKind.AddressOf : kind;
}

function flagOf(word: string): number {
  return flagsOfWords[word] ?? 0;
}

const flagsOfWords: Readonly<Record<string, number>> = {
  static: CFlag.Static,
  extern: CFlag.Extern,
  inline: CFlag.Inline,
  __inline: CFlag.Inline,
  __inline__: CFlag.Inline,
  __thread: CFlag.ThreadLocal,
  thread_local: CFlag.ThreadLocal,
  _Thread_local: CFlag.ThreadLocal,
  const: CFlag.Const,
  constexpr: CFlag.Const,
  volatile: CFlag.Volatile,
  _Atomic: CFlag.Atomic,
};
