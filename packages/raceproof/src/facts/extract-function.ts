// A function declaration in, its accesses, calls and branches out, each with locks held, handlers around it and sharing.
// Misses: acquire()/release() spans without `with`, accesses through getattr with computed names, exec and eval.
import { childrenOf, childrenWithRole, childWithRole, columnAt, lineAt, nameOf, parentOf, PythonKind as K, PythonRole as R, textOf } from "../sources/index.ts";
import type { SyntaxTree } from "../sources/index.ts";
import type { Lockset, Sharing, SourceSpan, TestFact } from "../vocabulary/index.ts";
import { lockset } from "../vocabulary/index.ts";
import { branchOf, caughtBy } from "./control-flow.ts";
import type { NeverReturns } from "./control-flow.ts";
import type { FunctionDeclaration } from "./declarations.ts";
import { receiverNameOf } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { lockOf } from "./locks.ts";
import { Origins } from "./origins.ts";
import { Publication } from "./publication.ts";
import { resolveCall } from "./resolve-call.ts";
import type { CallTarget } from "./resolve-call.ts";
import { containerKindOf } from "./static-value.ts";
import type { Place, StaticValue } from "./static-value.ts";
import { classifyStored } from "./stored-values.ts";
import { placeOfContainerObject, usageOf } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** An access before entry locks and phases are known. */
export interface RawAccess {
  readonly node: number;
  readonly usage: Usage;
  readonly place: Place;
  readonly value: StaticValue;
  readonly statement: number;
  readonly locks: Lockset;
  readonly handled: readonly string[];
  readonly sharing: Sharing;
  readonly stored: ReturnType<typeof classifyStored> | undefined;
  readonly origins: readonly string[];
}

export interface RawCall {
  readonly node: number;
  readonly statement: number;
  readonly target: CallTarget;
  readonly locks: Lockset;
  readonly handled: readonly string[];
  readonly sharing: Sharing;
  readonly origins: readonly string[];
  readonly valueUsed: boolean;
}

export interface RawFunction {
  readonly declaration: FunctionDeclaration;
  readonly accesses: RawAccess[];
  readonly calls: RawCall[];
  readonly tests: TestFact[];
  unresolvedAccesses: number;
  lockSpans: number;
}

interface Context {
  readonly statement: number;
  readonly locks: Lockset;
  readonly handled: readonly string[];
}

export function spanOf(file: string, tree: SyntaxTree, node: number): SourceSpan {
  const start = tree.start[node] as number;
  const end = tree.end[node] as number;
  return { file, line: lineAt(tree, start), column: columnAt(tree, start), endLine: lineAt(tree, end), endColumn: columnAt(tree, end) };
}

/** `heldOnEntry`: locks that the function's decorators hold around it. */
export function extractFunction(evaluator: Evaluator, declaration: FunctionDeclaration, neverReturns: NeverReturns, heldOnEntry: Lockset): RawFunction {
  const extractor = new Extractor(evaluator, declaration, neverReturns, heldOnEntry);
  extractor.run();
  return extractor.result;
}

class Extractor {
  readonly result: RawFunction;
  private readonly evaluator: Evaluator;
  private readonly fn: FunctionDeclaration;
  private readonly tree: SyntaxTree;
  private readonly neverReturns: NeverReturns;
  private readonly heldOnEntry: Lockset;
  private readonly publication: Publication;
  private readonly origins: Origins;

  constructor(evaluator: Evaluator, fn: FunctionDeclaration, neverReturns: NeverReturns, heldOnEntry: Lockset) {
    this.evaluator = evaluator;
    this.fn = fn;
    this.tree = fn.module.tree;
    this.neverReturns = neverReturns;
    this.heldOnEntry = heldOnEntry;
    this.publication = new Publication(evaluator, fn);
    this.origins = new Origins(fn);
    this.result = { declaration: fn, accesses: [], calls: [], tests: [], unresolvedAccesses: 0, lockSpans: heldOnEntry.length };
  }

  run(): void {
    const roots = this.fn.role === "module" ? childrenOf(this.tree, this.fn.node) : childrenWithRole(this.tree, this.fn.node, R.body);
    for (const root of roots) this.noteNames(root);
    for (const root of roots) this.walk(root, { statement: root, locks: this.heldOnEntry, handled: [] });
  }

  private noteNames(node: number): void {
    if (this.tree.kind[node] === K.Name) this.publication.see(node);
    for (const child of childrenOf(this.tree, node)) if (!this.isNested(child)) this.noteNames(child);
  }

  private isNested(node: number): boolean {
    const kind = this.tree.kind[node];
    return kind === K.FunctionDef || kind === K.AsyncFunctionDef || kind === K.ClassDef;
  }

  private walk(node: number, outer: Context): void {
    const { tree } = this;
    const context = this.isStatement(node) ? { ...outer, statement: node } : outer;
    if (this.isNested(node)) {
      for (const child of childrenOf(tree, node)) if (tree.role[child] !== R.body) this.walk(child, context);
      return;
    }
    this.inspect(node, context);
    switch (tree.kind[node]) {
      case K.With:
      case K.AsyncWith:
        this.walkWith(node, context);
        return;
      case K.Try:
      case K.TryStar:
        this.walkTry(node, context);
        return;
      default:
        for (const child of childrenOf(tree, node)) if (tree.role[child] !== R.annotation) this.walk(child, context);
    }
  }

  private isStatement(node: number): boolean {
    const role = this.tree.role[node];
    return role === R.body || role === R.orelse || role === R.finalbody ? this.tree.kind[parentOf(this.tree, node)] !== K.IfExp : false;
  }

  private walkWith(node: number, context: Context): void {
    const held: string[] = [];
    for (const item of childrenWithRole(this.tree, node, R.items)) {
      this.walk(item, { ...context, locks: lockset([...context.locks, ...held]) });
      const lock = lockOf(this.evaluator, this.fn.module, childWithRole(this.tree, item, R.context_expr));
      if (lock) held.push(lock);
    }
    this.result.lockSpans += held.length;
    const inner: Context = { ...context, locks: lockset([...context.locks, ...held]) };
    for (const child of childrenWithRole(this.tree, node, R.body)) this.walk(child, inner);
  }

  private walkTry(node: number, context: Context): void {
    const caught = caughtBy(this.tree, node, (type) => textOf(this.tree, type));
    const inner: Context = { ...context, handled: [...new Set([...context.handled, ...caught])] };
    for (const child of childrenOf(this.tree, node)) {
      this.walk(child, this.tree.role[child] === R.body ? inner : context);
    }
  }

  private inspect(node: number, context: Context): void {
    switch (this.tree.kind[node]) {
      case K.Attribute:
      case K.Name:
      case K.Subscript:
      case K.Call:
        this.inspectPath(node, context);
        break;
      default:
        break;
    }
    if (this.tree.kind[node] === K.With || this.tree.kind[node] === K.AsyncWith) return;
    const branch = branchOf(this.tree, node, this.neverReturns);
    if (branch) {
      const { test, node: at, ...rest } = branch;
      const condition: readonly [number, number] = [this.tree.start[test] as number, this.tree.end[test] as number];
      this.result.tests.push({ functionId: this.fn.id, span: spanOf(this.fn.module.file, this.tree, at), condition, ...rest });
    }
  }

  private inspectPath(node: number, context: Context): void {
    for (const target of resolveCall(this.evaluator, this.fn, node)) this.noteCall(node, target, context);
    if (this.tree.kind[node] === K.Call) return;
    const value = this.evaluator.valueOf(this.fn.module, node);
    const place = value.place ?? placeOfContainerObject(this.evaluator, value);
    if (!place) {
      if (this.tree.kind[node] === K.Attribute && value.shape.kind === "unknown") this.result.unresolvedAccesses++;
      return;
    }
    const usage = usageOf(this.evaluator, this.fn.module, node);
    if (!usage || !this.touchesMemory(node, value, usage)) return;
    this.result.accesses.push(this.accessOf(node, value, place, usage, context));
  }

  /** A local name that stands for a shared object is touched only where its elements are. */
  private touchesMemory(node: number, value: StaticValue, usage: Usage): boolean {
    // What happens to an element itself is told by the subscript's container.
    if (this.tree.kind[node] === K.Subscript && !usage.onContainer) return false;
    const isLocalAlias = this.tree.kind[node] === K.Name && !this.isGlobalName(node);
    if (value.shape.kind === "function" || value.shape.kind === "class") return !isLocalAlias && usage.kind !== "read";
    const kind = containerKindOf(value.shape);
    const holdsElements = kind === "dict" || kind === "list" || kind === "set" || kind === "deque" || kind === "heap" || kind === "unknown" || kind === "iterator";
    if (usage.onContainer) return holdsElements || !isLocalAlias;
    return !isLocalAlias;
  }

  /** The name is a variable of the module here, not a local one (of this function or one around it) with the same name. */
  private isGlobalName(node: number): boolean {
    const name = nameOf(this.tree, node);
    for (let fn: FunctionDeclaration | undefined = this.fn; fn && fn.role !== "module"; fn = fn.parent) {
      if (fn.globals.has(name)) return true;
      if (fn.bindings.has(name)) return false;
    }
    return true;
  }

  private accessOf(node: number, value: StaticValue, place: Place, usage: Usage, context: Context): RawAccess {
    const statementKind = this.tree.kind[context.statement];
    const storedNode = usage.kind === "write" && (statementKind === K.Assign || statementKind === K.AnnAssign)
      ? childWithRole(this.tree, context.statement, R.value) : -1;
    const target = usage.node;
    return {
      node, usage, place, value, statement: context.statement, locks: context.locks, handled: context.handled,
      sharing: this.sharingOf(node, place),
      stored: storedNode >= 0 ? classifyStored(this.evaluator, this.fn, storedNode, target) : undefined,
      origins: this.origins.of(usage.key >= 0 ? usage.key : storedNode),
    };
  }

  private sharingOf(node: number, place: Place): Sharing {
    if (this.fn.role === "module" || this.fn.role === "class-body") return "import";
    const root = this.rootName(node);
    if (root === undefined) return "shared";
    const name = nameOf(this.tree, root);
    if (place.ownerKind === "instance" && this.publication.isFresh(name, this.tree.start[node] as number)) return "fresh";
    const isReceiver = name === receiverNameOf(this.fn);
    const direct = parentOf(this.tree, root) === node || root === node;
    return isReceiver && direct && place.ownerKind === "instance" && isConstructor(this.fn) ? "construction" : "shared";
  }

  /** The Name at the left end of an access path, or undefined when it starts with a call. */
  private rootName(node: number): number | undefined {
    let at = node;
    while (this.tree.kind[at] === K.Attribute || this.tree.kind[at] === K.Subscript) at = childWithRole(this.tree, at, R.value);
    return this.tree.kind[at] === K.Name ? at : undefined;
  }

  private noteCall(node: number, target: CallTarget, context: Context): void {
    const receiver = this.rootName(this.tree.kind[node] === K.Call ? childWithRole(this.tree, node, R.func) : node);
    const fresh = receiver !== undefined && this.publication.isFresh(nameOf(this.tree, receiver), this.tree.start[node] as number);
    const args = this.tree.kind[node] === K.Call ? [...childrenWithRole(this.tree, node, R.args), ...childrenWithRole(this.tree, node, R.keywords)] : [];
    this.result.calls.push({
      node, statement: context.statement, target, locks: context.locks, handled: context.handled, sharing: fresh ? "fresh" : "shared",
      origins: [...new Set(args.flatMap((argument) => this.origins.of(argument)))].toSorted(),
      valueUsed: this.tree.kind[parentOf(this.tree, node)] !== K.Expr,
    });
  }
}

const constructors: ReadonlySet<string> = new Set(["__init__", "__new__", "__setstate__", "__post_init__", "__init_subclass__", "__set_name__"]);

export function isConstructor(fn: FunctionDeclaration): boolean {
  return constructors.has(fn.name) && fn.owner !== undefined;
}
