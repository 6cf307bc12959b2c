// From the engine's tree to our flat arrays.
// What enters: a parsed text and its grammar. What leaves: a SyntaxTree in post-order, and how many bytes did not parse.
// One pass over the engine's cursor; no object per node. The engine's tree is not kept.
import { isAscii } from "node:buffer";
import type { Tree } from "web-tree-sitter";
import { borrowNodeArrays, copyNodeArrays, returnNodeArrays } from "../python/node-arrays.ts";
import type { NodeArrays } from "../python/node-arrays.ts";
import type { NameTable, SyntaxProblem, SyntaxTree } from "../syntax-tree.ts";
import { addressOf, Treatment } from "./grammar.ts";
import type { CursorFunctions, Grammar, GrammarTables } from "./grammar.ts";
import { namedByChild } from "./grammar-kinds.ts";
import { CFlag, CKind, COperator, CRole } from "./kinds.ts";
import { sectionMacros } from "./section-macros.ts";

/** The engine's symbol of a region that did not parse. */
const errorSymbol = 0xffff;

export interface FlatTree {
  readonly tree: SyntaxTree;
  readonly errorBytes: number;
  readonly functions: number;
}

/** Parses `text`, of which each character is one byte. */
export function parseFlat(text: string, language: "c" | "cpp", grammar: Grammar, names: NameTable): FlatTree {
  const source = Buffer.from(text, "latin1");
  const tree = grammar.parser.parse(withoutComputedJumps(text));
  if (tree === null) throw new Error("the grammar has no language");
  try {
    const walk = new Flattening({ text, grammar, names, hasErrors: tree.rootNode.hasError });
    walk.run(tree);
    const { size, nodes, problems, errorBytes, functions } = walk;
    const flat = { language, source, size, ...nodes, names, lineStarts: lineStartsIn(source), problems, comments: new Uint32Array(0), links: undefined };
    return { tree: { ...flat, ascii: isAscii(source) ? text : undefined }, errorBytes, functions };
  } finally {
    tree.delete();
  }
}

/** The grammar has no `goto *address`, which interpreter loops use: for it, that is an expression of the same length. */
function withoutComputedJumps(text: string): string {
  return text.replaceAll(/\bgoto(?=\s*\*)/g, "0,  ");
}

interface Input {
  readonly text: string;
  readonly grammar: Grammar;
  readonly names: NameTable;
  readonly hasErrors: boolean;
}

const nameRoles = new Uint8Array(256);
for (const [kind, role] of Object.entries(namedByChild)) nameRoles[CKind[kind as keyof typeof CKind]] = CRole[role];

/** Open nodes lie on a stack of numbers: what each field means is told by its offset. */
const frameWidth = 7;
const Frame = { kind: 0, role: 1, childRole: 2, detail: 3, name: 4, start: 5, first: 6 } as const;

class Flattening {
  size = 0;
  nodes: NodeArrays;
  errorBytes = 0;
  functions = 0;
  readonly problems: SyntaxProblem[] = [];
  private readonly text: string;
  private readonly names: NameTable;
  private readonly engine: CursorFunctions;
  private readonly tables: GrammarTables;
  private readonly hasErrors: boolean;
  private capacity: number;
  private stack: Int32Array = new Int32Array(frameWidth * 256);
  /** Index of the open node's frame. */
  private top = 0;
  private errorEnd = 0;

  constructor({ text, grammar, names, hasErrors }: Input) {
    this.text = text;
    this.names = names;
    this.engine = grammar.engine;
    this.tables = grammar.tables;
    this.hasErrors = hasErrors;
    this.nodes = borrowNodeArrays();
    this.capacity = this.nodes.kind.length;
  }

  run(tree: Tree): void {
    const address = addressOf(tree);
    this.engine._ts_tree_root_node_wasm(address);
    this.engine._ts_tree_cursor_new_wasm(address);
    try {
      this.walk(address);
    } finally {
      this.engine._ts_tree_cursor_delete_wasm(address);
      const borrowed = this.nodes;
      this.nodes = copyNodeArrays(borrowed, this.size, this.size);
      returnNodeArrays(borrowed, this.size);
    }
  }

  private walk(address: number): void {
    const goDown = this.engine._ts_tree_cursor_goto_first_child_wasm;
    const goOn = this.engine._ts_tree_cursor_goto_next_sibling_wasm;
    const goUp = this.engine._ts_tree_cursor_goto_parent_wasm;
    let depth = 0;
    for (;;) {
      if (this.enter(address)) {
        if (goDown(address) !== 0) {
          depth++;
          continue;
        }
        this.leave(address);
      }
      while (goOn(address) === 0) {
        if (depth-- === 0) return;
        goUp(address);
        this.leave(address);
      }
    }
  }

  /** @returns whether the node is open now, so that its children are to be seen and `leave` called. */
  private enter(address: number): boolean {
    const { engine, tables } = this;
    const symbol = engine._ts_tree_cursor_current_node_type_id_wasm(address);
    if (symbol === errorSymbol) return this.enterError(address);
    const treatment = tables.treatment[symbol]!;
    if (treatment === Treatment.Skip) {
      this.enterToken(address, symbol);
      return false;
    }
    const field = engine._ts_tree_cursor_current_field_id_wasm(address);
    const start = engine._ts_tree_cursor_start_index_wasm(address);
    if (treatment >= Treatment.Pass && treatment !== Treatment.Named && treatment !== Treatment.Whole && treatment !== Treatment.Flags) {
      this.open(symbol, this.roleFor(field), start);
      return true;
    }
    const end = engine._ts_tree_cursor_end_index_wasm(address);
    if (start === end && this.hasErrors) this.addMissing(start);
    if (treatment === Treatment.Flags) this.stack[this.top + Frame.detail]! |= flagOf(this.text.slice(start, end));
    else if (treatment === Treatment.Whole) this.addLeaf({ kind: tables.kind[symbol]!, role: this.roleFor(field), start, end, name: 0 });
    else this.addNamed(symbol, field, { start, end });
    return false;
  }

  /** Tokens matter where they are operators, and where one is missing. */
  private enterToken(address: number, symbol: number): void {
    const operator = this.tables.operator[symbol]!;
    if (operator !== 0) this.stack[this.top + Frame.detail] ||= this.isOperand() ? 0 : operator;
    if (!this.hasErrors) return;
    const start = this.engine._ts_tree_cursor_start_index_wasm(address);
    if (start === this.engine._ts_tree_cursor_end_index_wasm(address)) this.addMissing(start);
  }

  /** Declarations have flags where expressions have operators. */
  private isOperand(): boolean {
    return operatorKinds[this.stack[this.top + Frame.kind]!] === 0;
  }

  private addNamed(symbol: number, field: number, { start, end }: { readonly start: number; readonly end: number }): void {
    const { stack, top, tables } = this;
    const name = this.names.intern(spaced(this.text.slice(start, end)));
    const parent = stack[top + Frame.kind]!;
    if (tables.fieldNames[field] === 1 || (field === 0 && nameHolders[parent] === 1 && stack[top + Frame.name] === 0)) stack[top + Frame.name] = name;
    else this.addLeaf({ kind: tables.kind[symbol]!, role: this.roleFor(field), start, end, name });
  }

  private roleFor(field: number): number {
    const { stack, top } = this;
    const role = this.tables.fieldRole[field]! || stack[top + Frame.childRole]!;
    if (role !== CRole.operand) return role;
    const parent = stack[top + Frame.kind]!;
    return parent === CKind.Member || parent === CKind.Subscript ? CRole.object : role;
  }

  private open(symbol: number, role: number, start: number): void {
    this.top += frameWidth;
    if (this.top + frameWidth > this.stack.length) this.stack = enlarged(this.stack);
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
    const start = this.engine._ts_tree_cursor_start_index_wasm(address);
    const end = this.engine._ts_tree_cursor_end_index_wasm(address);
    if (start >= this.errorEnd) {
      this.errorBytes += Math.max(1, end - start);
      this.errorEnd = end;
      this.problems.push({ message: "does not parse", offset: start });
    }
    const role = this.stack[this.top + Frame.childRole]!;
    this.top += frameWidth;
    if (this.top + frameWidth > this.stack.length) this.stack = enlarged(this.stack);
    this.stack.set([CKind.Error, role, CRole.part, 0, 0, start, this.size], this.top);
    return true;
  }

  private addMissing(at: number): void {
    if (at < this.errorEnd) return;
    this.errorBytes++;
    this.problems.push({ message: "a token is missing", offset: at });
    const error = this.addLeaf({ kind: CKind.Error, role: CRole.part, start: at, end: at, name: 0 });
    this.nodes.detail[error] = 1;
  }

  private leave(address: number): void {
    const { stack, top } = this;
    const kind = stack[top + Frame.kind]!;
    this.top -= frameWidth;
    if (kind === 0) {
      // Flags and names found below a node that is none of ours belong to the one around it.
      stack[this.top + Frame.detail]! |= stack[top + Frame.detail]!;
      return;
    }
    const detail = stack[top + Frame.detail]!;
    const node = this.addLeaf({
      kind: finalKind(kind, detail),
      role: stack[top + Frame.role]!,
      start: stack[top + Frame.start]!,
      end: this.engine._ts_tree_cursor_end_index_wasm(address),
      name: stack[top + Frame.name]!,
    });
    this.nodes.first[node] = stack[top + Frame.first]!;
    if (kind !== CKind.Dereference) this.nodes.detail[node] = detail;
    this.finish(kind, node);
  }

  /** What a node takes from its children. */
  private finish(kind: number, node: number): void {
    const { nodes } = this;
    if (nodes.name[node] === 0 && nameRoles[kind] !== 0) nodes.name[node] = this.nameFromChild(node, nameRoles[kind]!);
    else if (kind === CKind.Block) this.markSection(node);
    if (kind === CKind.FunctionDefinition) this.functions++;
  }

  private nameFromChild(node: number, role: number): number {
    const { nodes } = this;
    const lowest = nodes.first[node]!;
    for (let child = node - 1; child >= lowest; child = nodes.first[child]! - 1) {
      if (nodes.role[child] === role && nodes.name[child] !== 0) return nodes.name[child]!;
    }
    return 0;
  }

  private markSection(block: number): void {
    const { nodes } = this;
    const lowest = nodes.first[block]!;
    if (lowest === block) return;
    // In post-order the first child's statement ends where the second child's nodes begin.
    let begin = block - 1;
    while (nodes.first[begin]! > lowest) begin = nodes.first[begin]! - 1;
    const opening = this.calledIn(begin);
    const closing = sectionMacros.get(this.names.text(opening));
    if (closing === undefined) return;
    nodes.kind[block] = CKind.SectionBlock;
    nodes.name[block] = opening;
    nodes.role[begin] = CRole.begin;
    if (this.names.text(this.calledIn(block - 1)) === closing) nodes.role[block - 1] = CRole.end;
  }

  /** Name of what an ExpressionStatement calls, or 0. */
  private calledIn(statement: number): number {
    const { kind, name } = this.nodes;
    return kind[statement] === CKind.ExpressionStatement && kind[statement - 1] === CKind.Call ? name[statement - 1]! : 0;
  }

  private addLeaf(leaf: { readonly kind: number; readonly role: number; readonly start: number; readonly end: number; readonly name: number }): number {
    const node = this.size++;
    if (node === this.capacity) {
      this.capacity *= 2;
      this.nodes = copyNodeArrays(this.nodes, node, this.capacity);
    }
    const { nodes } = this;
    nodes.kind[node] = leaf.kind;
    nodes.role[node] = leaf.role;
    nodes.start[node] = leaf.start;
    nodes.end[node] = leaf.end;
    nodes.name[node] = leaf.name;
    nodes.first[node] = node;
    return node;
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
  virtual: CFlag.Virtual,
};

/** "unsigned   long" and its parts on two lines are the same type. */
function spaced(text: string): string {
  return /\s\s|[\n\t]/.test(text) ? text.replaceAll(/\s+/g, " ") : text;
}

function enlarged(from: Int32Array): Int32Array {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}

function lineStartsIn(source: Uint8Array): Uint32Array {
  const starts = [0];
  for (let at = source.indexOf(10); at >= 0; at = source.indexOf(10, at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}
