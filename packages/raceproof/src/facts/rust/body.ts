// One function while it is walked: variables, scopes, guards and events as they come. What enters: a declared function. What leaves: its parts, without effects.
import { noRustOrigin, unknownRustType } from "../../vocabulary/index.ts";
import type { RustAttachment, RustEvent, RustGuard, RustOrigin, RustScope, RustStatic, RustType, RustValue } from "../../vocabulary/index.ts";
import type { DeclaredFunction } from "./declare-functions.ts";
import type { PythonHoldings } from "./python-holdings.ts";
import type { RustTypeReader, TypePlace } from "./type-reader.ts";
import type { RustReader } from "./rust-reader.ts";

/** The program's tables that bodies are read with. */
export interface RustTables {
  readonly types: RustTypeReader;
  readonly holdings: PythonHoldings;
  /** Whole paths, "demo::Node::new" among them, to ids. */
  readonly functionsByPath: ReadonlyMap<string, readonly number[]>;
  /** Methods of traits by whole path: all implementors. */
  readonly methodsOfTraits: ReadonlyMap<string, readonly number[]>;
  readonly functions: readonly DeclaredFunction[];
  /** By whole path. */
  readonly statics: ReadonlyMap<string, RustStatic>;
  /** Types of fields by declaration and name, with the type parameters of the declaration. */
  fieldType(owner: RustType, field: string): RustType;
  isEnum(declaration: number): boolean;
}

type DraftOf<T> = T extends RustEvent ? Omit<T, "order" | "span" | "text" | "scope" | "attachment" | "guards"> : never;
export type EventDraft = DraftOf<RustEvent>;

export const noValue: RustValue = { origin: noRustOrigin, type: unknownRustType, constant: undefined, closure: undefined };

export function valueOfType(type: RustType): RustValue {
  return { ...noValue, type };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

type ScopeDraft = Partial<Pick<RustScope, "attachment" | "condition" | "otherThread">> & Pick<RustScope, "kind"> & { readonly moves?: boolean };

interface OpenBlock {
  readonly locals: Map<string, RustValue>;
  readonly guards: number[];
}

export class RustBody {
  readonly reader: RustReader;
  readonly place: TypePlace;
  readonly tables: RustTables;
  readonly events: Writable<RustEvent>[] = [];
  readonly scopes: Writable<RustScope>[] = [];
  readonly guards: Writable<RustGuard>[] = [];
  readonly bounds: DeclaredFunction["bounds"];
  /** Locals whose value has gone elsewhere. */
  readonly moved: Set<string> = new Set();
  private readonly blocks: OpenBlock[] = [];
  private readonly alive: number[] = [];
  private scopeNow = 0;
  /** Names from outside of the innermost scope that moves what it names. */
  private captured: { readonly from: number; readonly names: Set<string> } | undefined;
  /** Guards of temporaries that end with the statement. */
  private temporaries: number[] = [];
  private readonly evaluator: (body: RustBody, node: number) => RustValue;

  constructor(declared: DeclaredFunction, tables: RustTables, evaluator: (body: RustBody, node: number) => RustValue) {
    this.reader = declared.item.reader;
    this.place = declared.place;
    this.bounds = declared.bounds;
    this.tables = tables;
    this.evaluator = evaluator;
  }

  evaluate(node: number): RustValue {
    return node < 0 ? noValue : this.evaluator(this, node);
  }

  emit(node: number, draft: EventDraft): number {
    const order = this.events.length;
    const { attachment } = this.scopes[this.scopeNow] as RustScope;
    const place = { order, span: this.reader.span(node), text: this.reader.shortText(node), scope: this.scopeNow, attachment, guards: [...this.alive] };
    this.events.push({ ...draft, ...place });
    return order;
  }

  get scope(): number {
    return this.scopeNow;
  }

  get attachment(): RustAttachment {
    return (this.scopes[this.scopeNow] as RustScope).attachment;
  }

  /** Runs `inside` in a new scope. `moves`: what it names from around, and owns, ends with it where it runs detached or on another thread. */
  within<T>(node: number, { moves = false, ...draft }: ScopeDraft, inside: (scope: number) => T): T {
    const parent = this.scopeNow;
    const around = this.scopes[parent];
    const id = this.scopes.length;
    const inherited = { attachment: around?.attachment ?? ("either" as const), otherThread: around?.otherThread ?? false, condition: undefined };
    this.scopes.push({ ...inherited, ...draft, id, parent: around === undefined ? -1 : parent, passedTo: -1, span: this.reader.span(node) });
    this.scopeNow = id;
    this.blocks.push({ locals: new Map(), guards: [] });
    const outside = this.captured;
    const runsOnce = moves && (draft.attachment === "detached" || draft.attachment === "spawned");
    if (runsOnce) this.captured = { from: this.blocks.length - 1, names: new Set() };
    const result = inside(id);
    const taken = runsOnce ? this.takeCaptured() : [];
    this.captured = outside;
    this.closeBlock(node);
    for (const name of taken) this.moved.add(name);
    this.scopeNow = parent;
    return result;
  }

  /** Locals that own Python objects and were not given away are dropped where their block ends. */
  private closeBlock(node: number): void {
    const block = this.blocks.at(-1) as OpenBlock;
    for (const [local, value] of [...block.locals].toReversed())
      if (!this.moved.has(local) && value.origin.path.length === 0 && value.origin.root.kind !== "self" && this.owns(value.type))
        this.emit(node, { kind: "drop", local, value });
    this.blocks.pop();
    this.endGuards(block.guards);
  }

  /** Variables of the blocks around that a moving scope has named are its own from here on. */
  private takeCaptured(): string[] {
    const locals = this.blocks.at(-1)?.locals;
    return [...(this.captured?.names ?? [])].filter((name) => {
      const value = this.lookUp(name);
      if (value === undefined || value.type.name === "&" || this.moved.has(name)) return false;
      locals?.set(name, { ...value, origin: localOrigin(name) });
      return true;
    });
  }

  owns(type: RustType): boolean {
    // The last owner of what several share is not known.
    return this.tables.holdings.of(type).some(({ shared }) => !shared);
  }

  lookUp(name: string): RustValue | undefined {
    for (let index = this.blocks.length - 1; index >= 0; index--) {
      const found = this.blocks[index]?.locals.get(name);
      if (found === undefined) continue;
      if (this.captured !== undefined && index < this.captured.from) this.captured.names.add(name);
      return found;
    }
    return undefined;
  }

  bind(node: number, local: string, value: RustValue): void {
    this.moved.delete(local);
    this.blocks.at(-1)?.locals.set(local, value);
    this.emit(node, { kind: "binding", local, value });
  }

  /** `local = value`: whichever block has it keeps both possible values as none. */
  rebind(node: number, local: string, value: RustValue): void {
    for (let index = this.blocks.length - 1; index >= 0; index--) {
      const { locals } = this.blocks[index] as OpenBlock;
      const before = locals.get(local);
      if (before === undefined) continue;
      locals.set(local, before.origin.root.kind === "none" ? value : { ...value, origin: localOrigin(local) });
      break;
    }
    this.moved.delete(local);
    this.emit(node, { kind: "binding", local, value });
  }

  /** A guard that is a temporary until `keepGuards` says a variable has it. */
  openGuard(guard: Omit<RustGuard, "to" | "local">): void {
    const id = this.guards.length;
    this.guards.push({ ...guard, local: undefined, to: Number.MAX_SAFE_INTEGER });
    this.alive.push(id);
    this.temporaries.push(id);
  }

  /** A variable is bound to the guard that the call with this order took: it lives as long as its block. */
  keepGuards(local: string, taken: number): void {
    for (const id of this.temporaries) {
      const guard = this.guards[id] as Writable<RustGuard>;
      if (guard.from !== taken) continue;
      guard.local = local;
      this.blocks.at(-1)?.guards.push(id);
    }
    this.temporaries = this.temporaries.filter((id) => this.guards[id]?.local === undefined);
  }

  /** A statement: its temporaries end with it. */
  statement<T>(inside: () => T): T {
    const around = this.temporaries;
    this.temporaries = [];
    const result = inside();
    this.endGuards(this.temporaries);
    this.temporaries = around;
    return result;
  }

  dropLocal(local: string): void {
    this.moved.add(local);
    this.endGuards(this.alive.filter((id) => this.guards[id]?.local === local));
  }

  private endGuards(ids: readonly number[]): void {
    for (const id of ids) {
      const at = this.alive.indexOf(id);
      if (at < 0) continue;
      this.alive.splice(at, 1);
      (this.guards[id] as Writable<RustGuard>).to = this.events.length;
    }
  }
}

export function localOrigin(name: string): RustOrigin {
  return { root: { kind: "local", name }, path: [], through: [] };
}

/** A part of a value: a field, or "[]" for an element. */
export function partOf(value: RustValue, part: string, type: RustType): RustValue {
  const { origin } = value;
  if (origin.root.kind === "none") return valueOfType(type);
  return { ...noValue, origin: { ...origin, path: [...origin.path, part] }, type };
}
