// From the engine's tree of a Rust file to our flat arrays: one node of ours per node of the grammar that has a kind.
// What enters: a parsed text. What leaves: nodes in post-order, comments, and where it did not parse.
import type { Language } from "web-tree-sitter";
import { ByteNameTable } from "../python/byte-name-table.ts";
import type { NameTable } from "../syntax-tree.ts";
import type { CursorFunctions } from "../tree-sitter/engine.ts";
import { errorSymbol, TreeFlattening } from "../tree-sitter/tree-flattening.ts";
import { RustFlag, RustKind, rustKindOfNode, rustOperators, RustRole, rustRoleNames } from "./kinds.ts";

const Treatment = { token: 0, node: 1, leaf: 2, named: 3, comment: 4, flags: 5 } as const;

/** By grammar symbol, except roleOfField. */
export interface RustTables {
  readonly treatment: Uint8Array;
  readonly kind: Uint8Array;
  readonly token: Uint8Array;
  readonly roleOfField: Uint8Array;
}

/** Nothing below these is looked at. */
const leaves: ReadonlySet<string> = new Set(["token_tree", "float_literal", "negative_literal", "boolean_literal", "char_literal", "lifetime"]);
const leafTexts: ReadonlySet<string> = new Set(["string_literal", "raw_string_literal", "macro_definition", "visibility_modifier", "extern_modifier"]);

export function rustTables(grammar: Language): RustTables {
  const symbols = grammar.nodeTypeCount;
  const tables = {
    treatment: new Uint8Array(symbols),
    kind: new Uint8Array(symbols).fill(RustKind.Other),
    token: new Uint8Array(symbols),
    roleOfField: new Uint8Array(grammar.fieldCount + 1).fill(RustRole.part),
  };
  for (let symbol = 0; symbol < symbols; symbol++) {
    const type = grammar.nodeTypeForId(symbol) ?? "";
    if (type === "mutable_specifier") tables.token[symbol] = RustFlag.Mutable;
    else if (grammar.nodeTypeIsNamed(symbol)) {
      const kind = (rustKindOfNode as Readonly<Record<string, keyof typeof RustKind>>)[type];
      if (kind !== undefined) tables.kind[symbol] = RustKind[kind];
      tables.treatment[symbol] = treatmentOf(type, kind);
    } else if (type === "_") {
      tables.treatment[symbol] = Treatment.named;
      tables.kind[symbol] = RustKind.Identifier;
    } else tables.token[symbol] = detailOfToken(type);
  }
  for (let field = 1; field <= grammar.fieldCount; field++) {
    const name = grammar.fieldNameForId(field) ?? "";
    if ((rustRoleNames as readonly string[]).includes(name)) tables.roleOfField[field] = RustRole[name as keyof typeof RustRole];
  }
  return tables;
}

function treatmentOf(type: string, kind: string | undefined): number {
  if (type.endsWith("_comment")) return Treatment.comment;
  if (type === "function_modifiers") return Treatment.flags;
  if (kind === "Identifier" || type === "integer_literal") return Treatment.named;
  return leaves.has(type) || leafTexts.has(type) ? Treatment.leaf : Treatment.node;
}

function detailOfToken(token: string): number {
  if (token === "unsafe") return RustFlag.Unsafe;
  if (token === "move") return RustFlag.Move;
  const operator = token.length > 1 && token.endsWith("=") && !/^[=!<>]=$/.test(token) ? token.slice(0, -1) : token;
  return (rustOperators as readonly string[]).indexOf(operator) + 1;
}

const frameWidth = 6;
const Frame = { kind: 0, role: 1, detail: 2, name: 3, start: 4, first: 5 } as const;
const namingRoles: ReadonlySet<number> = new Set([RustRole.name, RustRole.field, RustRole.macro]);

export interface ErrorRange {
  readonly start: number;
  readonly end: number;
}

/** What to flatten: `source` has the file's bytes, one per character that was parsed. */
export interface RustText {
  readonly source: Uint8Array;
  readonly tables: RustTables;
  readonly engine: CursorFunctions;
  readonly names: NameTable;
}

export class RustFlattening extends TreeFlattening {
  readonly errors: ErrorRange[] = [];
  readonly comments: number[] = [];
  private readonly text: RustText;

  constructor(text: RustText) {
    super(text.engine, frameWidth);
    this.text = text;
  }

  protected enter(address: number): boolean {
    const { engine } = this;
    const { tables, source, names } = this.text;
    const symbol = engine.symbol(address);
    const start = engine.start(address);
    if (symbol === errorSymbol) return this.open(RustKind.Error, RustRole.part, start);
    const treatment = tables.treatment[symbol]!;
    if (treatment === Treatment.node) return this.open(tables.kind[symbol]!, tables.roleOfField[engine.field(address)]!, start);
    const end = engine.end(address);
    const isMissing = start === end;
    if (isMissing && tables.kind[symbol] !== RustKind.Other) this.errors.push({ start, end });
    if (isMissing && treatment === Treatment.token) this.errors.push({ start, end });
    if (treatment === Treatment.comment) this.comments.push(start);
    else if (treatment === Treatment.leaf || treatment === Treatment.named)
      this.addLeaf(symbol, engine.field(address), { start, end, name: treatment === Treatment.named ? nameIn(names, source, { start, end }) : 0 });
    else this.addBits(treatment === Treatment.flags ? unsafeIn(source, start, end) : tables.token[symbol]!);
    return false;
  }

  /** The first operator counts, and every flag. */
  private addBits(bits: number): void {
    const at = this.top + Frame.detail;
    if (bits >= RustFlag.Move || (this.stack[at]! & 31) === 0) this.stack[at]! |= bits;
  }

  private addLeaf(symbol: number, field: number, leaf: { readonly start: number; readonly end: number; readonly name: number }): void {
    const { tables } = this.text;
    const role = tables.roleOfField[field]!;
    this.add({ kind: tables.kind[symbol]!, role, ...leaf });
    if (namingRoles.has(role)) this.stack[this.top + Frame.name] = leaf.name;
  }

  private open(kind: number, role: number, start: number): true {
    this.raise();
    this.stack.set([kind, role, 0, 0, start, this.size], this.top);
    return true;
  }

  protected leave(address: number): void {
    const { stack, top } = this;
    const kind = stack[top + Frame.kind]!;
    const end = this.engine.end(address);
    const role = stack[top + Frame.role]!;
    const name = stack[top + Frame.name]!;
    this.lower();
    if (kind === RustKind.Error) this.errors.push({ start: stack[top + Frame.start]!, end });
    const node = this.add({ kind, role, start: stack[top + Frame.start]!, end, name });
    this.nodes.first[node] = stack[top + Frame.first]!;
    this.nodes.detail[node] = stack[top + Frame.detail]!;
    if (namingRoles.has(role) && name !== 0) this.stack[this.top + Frame.name] = name;
  }
}

const decoder = new TextDecoder();

function textIn(source: Uint8Array, start: number, end: number): string {
  return decoder.decode(source.subarray(start, end));
}

function nameIn(names: NameTable, source: Uint8Array, { start, end }: ErrorRange): number {
  return names instanceof ByteNameTable ? names.internBytes(source, start, end) : names.intern(textIn(source, start, end));
}

function unsafeIn(source: Uint8Array, start: number, end: number): number {
  return textIn(source, start, end).includes("unsafe") ? RustFlag.Unsafe : 0;
}
