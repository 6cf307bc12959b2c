// A parsed file in, its module, class and function declarations out: every binding of every name, no evaluation.
// Lambdas and comprehensions are treated as part of the function around them.
import { childrenOf, childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { byKind } from "./by-kind.ts";
import { Binder } from "./bind-names.ts";
import type { Scope } from "./bind-names.ts";
import { addBinding } from "./declarations.ts";
import type { Bindings, ClassDeclaration, FunctionDeclaration, ModuleDeclaration } from "./declarations.ts";
import { roleOf } from "./function-role.ts";
import { declareParameters } from "./declare-parameters.ts";
import { absoluteImport, moduleNameOf } from "./module-names.ts";
import { PendingNodes } from "./pending-nodes.ts";
import type { Scopes } from "./scopes.ts";

export interface ParsedFile {
  /** Path relative to the subject's root, forward slashes: what spans say. */
  readonly path: string;
  /** Path relative to the import root: names the module. */
  readonly modulePath: string;
  readonly tree: SyntaxTree;
}

/** Classes with a key that is taken already stay out: a second file of one module name must not hide the first one's. */
export function collectDeclarations(file: ParsedFile, scopes: Scopes, isTaken: (key: string) => boolean): ModuleDeclaration {
  return new Collector(file, scopes, isTaken).collect();
}

type Handler = (node: number, scope: Scope) => void;

class Collector {
  private readonly tree: SyntaxTree;
  private readonly module: ModuleDeclaration;
  private readonly scopes: Scopes;
  private readonly isTaken: (key: string) => boolean;
  private readonly classKeys = new Set<string>();
  private readonly binder: Binder;
  /** How often each qualified name has been defined so far. */
  private readonly definitions = new Map<string, number>();
  private readonly pending: PendingNodes<Scope>;

  constructor(file: ParsedFile, scopes: Scopes, isTaken: (key: string) => boolean) {
    this.scopes = scopes;
    this.isTaken = isTaken;
    this.tree = file.tree;
    this.pending = new PendingNodes(file.tree, (kind) => this.handlers[kind] !== undefined);
    const bindings: Bindings = new Map();
    const isPackage = file.path.endsWith("__init__.py");
    const module = { name: moduleNameOf(file.modulePath), file: file.path, tree: file.tree, isPackage, bindings, functions: [], classes: [], starImports: [] };
    this.module = module as unknown as ModuleDeclaration;
    this.module.body = this.newFunction(file.tree.size - 1, { qualifiedName: "<module>", role: "module", owner: undefined, parent: undefined, bindings });
    this.binder = new Binder(this.module);
  }

  collect(): ModuleDeclaration {
    this.pending.addChildren(this.tree.size - 1, { fn: this.module.body, cls: undefined, bindings: this.module.bindings });
    this.pending.visitAll((node, scope) => {
      const handler = this.handlers[this.tree.kind[node] as number];
      if (handler) handler(node, scope);
      else this.pending.addChildren(node, scope);
    });
    return this.module;
  }

  private newFunction(node: number, about: Pick<FunctionDeclaration, "qualifiedName" | "role" | "owner" | "parent" | "bindings">): FunctionDeclaration {
    const { qualifiedName, role, owner, parent, bindings } = about;
    const declaration: FunctionDeclaration = {
      qualifiedName,
      role,
      owner,
      parent,
      bindings,
      key: this.keyFor(qualifiedName),
      module: this.module,
      node,
      name: qualifiedName.slice(qualifiedName.lastIndexOf(".") + 1),
      parameters: [],
      globals: noNames,
      nonlocals: noNames,
      decorators: childrenWithRole(this.tree, node, R.decorator_list).map((decorator) => textOf(this.tree, decorator)),
      returns: [],
      yields: [],
      asynchronous: this.tree.kind[node] === K.AsyncFunctionDef,
    };
    this.module.functions.push(declaration);
    this.scopes.add(declaration);
    return declaration;
  }

  private keyFor(qualifiedName: string): string {
    const count = (this.definitions.get(qualifiedName) ?? 0) + 1;
    this.definitions.set(qualifiedName, count);
    return `${this.module.file}:${qualifiedName}${count === 1 ? "" : `#${count}`}`;
  }

  private readonly handlers: readonly (Handler | undefined)[] = byKind<Handler>([
    [K.FunctionDef, (node, scope) => this.visitFunction(node, scope)],
    [K.AsyncFunctionDef, (node, scope) => this.visitFunction(node, scope)],
    [K.ClassDef, (node, scope) => this.visitClass(node, scope)],
    [K.Lambda, (node, scope) => this.visitLambda(node, scope)],
    [K.Assign, (node, scope) => this.visitAssign(node, scope)],
    [K.AnnAssign, (node, scope) => this.visitAnnotated(node, scope)],
    [K.AugAssign, (node, scope) => this.visitAugmented(node, scope)],
    [K.NamedExpr, (node, scope) => this.visitNamed(node, scope)],
    [K.For, (node, scope) => this.visitIteration(node, scope)],
    [K.AsyncFor, (node, scope) => this.visitIteration(node, scope)],
    [K.comprehension, (node, scope) => this.visitIteration(node, scope)],
    [K.withitem, (node, scope) => this.visitContext(node, scope)],
    [K.ExceptHandler, (node, scope) => this.visitCapture(node, scope)],
    [K.MatchAs, (node, scope) => this.visitCapture(node, scope)],
    [K.MatchStar, (node, scope) => this.visitCapture(node, scope)],
    [K.MatchMapping, (node, scope) => this.visitCapture(node, scope)],
    [K.Import, (node, scope) => this.visitImport(node, scope)],
    [K.ImportFrom, (node, scope) => this.visitImportFrom(node, scope)],
    [K.Global, (node, scope) => this.visitGlobal(node, scope)],
    [K.Nonlocal, (node, scope) => this.visitNonlocal(node, scope)],
    [K.Return, (node, scope) => this.visitReturn(node, scope)],
    [K.Yield, (node, scope) => this.visitYield(node, scope)],
    [K.YieldFrom, (node, scope) => this.visitYield(node, scope)],
  ]);

  private visitFunction(node: number, scope: Scope): void {
    const name = nameOf(this.tree, node);
    const outermost = scope.fn.role === "module" || scope.fn.role === "class-body";
    const declaration = this.newFunction(node, {
      qualifiedName: qualify(scope, name),
      role: roleOf(this.tree, node, scope),
      owner: scope.cls ?? (scope.fn.role === "class-body" ? undefined : scope.fn.owner),
      parent: outermost ? undefined : scope.fn,
      bindings: new Map(),
    });
    declaration.parameters.push(...declareParameters(this.tree, node));
    for (const parameter of declaration.parameters) {
      addBinding(declaration.bindings, parameter.name, { kind: "parameter", parameter, owner: declaration });
    }
    addBinding(scope.bindings, name, { kind: "function", declaration });
    if (scope.cls) {
      const known = scope.cls.methods.get(name);
      if (known) known.push(declaration);
      else scope.cls.methods.set(name, [declaration]);
    }
    this.pending.addBody(node, { fn: declaration, cls: undefined, bindings: declaration.bindings });
    this.pending.addHead(node, scope);
  }

  private visitLambda(node: number, scope: Scope): void {
    for (const { name } of declareParameters(this.tree, node)) addBinding(scope.bindings, name, { kind: "opaque" });
    this.pending.addChildren(node, scope);
  }

  private visitClass(node: number, scope: Scope): void {
    const name = nameOf(this.tree, node);
    const qualifiedName = qualify(scope, name);
    const declaration: ClassDeclaration = {
      key: `${this.module.name}:${qualifiedName}`,
      module: this.module,
      qualifiedName,
      node,
      bases: childrenWithRole(this.tree, node, R.bases),
      bindings: new Map(),
      methods: new Map(),
      attributes: new Map(),
    };
    // A second definition under the same name (if/else on versions) must not hide the first one's methods.
    if (!this.classKeys.has(declaration.key) && !this.isTaken(declaration.key)) this.module.classes.push(declaration);
    this.classKeys.add(declaration.key);
    addBinding(scope.bindings, name, { kind: "class", declaration });
    const { bindings } = declaration;
    const body = this.newFunction(node, { qualifiedName, role: "class-body", owner: declaration, parent: undefined, bindings });
    this.pending.addBody(node, { fn: body, cls: declaration, bindings });
    this.pending.addHead(node, scope);
  }

  private visitAssign(node: number, scope: Scope): void {
    const value = childWithRole(this.tree, node, R.value);
    for (const target of childrenWithRole(this.tree, node, R.targets)) {
      this.binder.bindTarget(target, scope, (path) => ({ kind: "assign", value, path }));
    }
    this.pending.addChildren(node, scope);
  }

  private visitAnnotated(node: number, scope: Scope): void {
    const target = childWithRole(this.tree, node, R.target);
    const annotation = childWithRole(this.tree, node, R.annotation);
    const value = childWithRole(this.tree, node, R.value);
    if (this.tree.kind[target] === K.Name) {
      const name = nameOf(this.tree, target);
      this.binder.bindName(name, scope, { kind: "annotation", annotation });
      if (value >= 0) this.binder.bindName(name, scope, { kind: "assign", value, path: [] });
    } else this.binder.noteAttribute(target, scope, { value, annotation });
    if (value >= 0) this.pending.add(value, scope);
  }

  private visitAugmented(node: number, scope: Scope): void {
    const target = childWithRole(this.tree, node, R.target);
    const value = childWithRole(this.tree, node, R.value);
    // `x += 1` keeps the type of x; binding it to its own value would only add a cycle.
    if (this.tree.kind[target] === K.Attribute) this.binder.noteAttribute(target, scope, { value: -1, annotation: -1 });
    this.pending.add(target, scope);
    this.pending.add(value, scope);
  }

  private visitNamed(node: number, scope: Scope): void {
    const value = childWithRole(this.tree, node, R.value);
    const target = childWithRole(this.tree, node, R.target);
    this.binder.bindName(nameOf(this.tree, target), scope, { kind: "assign", value, path: [] });
    this.pending.add(value, scope);
  }

  private visitIteration(node: number, scope: Scope): void {
    const iterable = childWithRole(this.tree, node, R.iter);
    const target = childWithRole(this.tree, node, R.target);
    this.binder.bindTarget(target, scope, (path) => ({ kind: "iteration", iterable, path }));
    this.pending.addChildren(node, scope);
  }

  private visitContext(node: number, scope: Scope): void {
    const manager = childWithRole(this.tree, node, R.context_expr);
    const target = childWithRole(this.tree, node, R.optional_vars);
    if (target >= 0) this.binder.bindTarget(target, scope, () => ({ kind: "context", manager }));
    this.pending.addChildren(node, scope);
  }

  /** `except E as name`, `case name`, `case [*name]`, `case {**name}`: a name for something not followed. */
  private visitCapture(node: number, scope: Scope): void {
    const name = nameOf(this.tree, node);
    if (name) this.binder.bindName(name, scope, { kind: "opaque" });
    this.pending.addChildren(node, scope);
  }

  private visitImport(node: number, scope: Scope): void {
    for (const alias of childrenOf(this.tree, node)) {
      const dotted = nameOf(this.tree, alias);
      const as = childWithRole(this.tree, alias, R.asname);
      const name = as >= 0 ? nameOf(this.tree, as) : (dotted.split(".")[0] ?? dotted);
      this.binder.bindName(name, scope, { kind: "import", module: as >= 0 ? dotted : name, attribute: undefined });
    }
  }

  private visitImportFrom(node: number, scope: Scope): void {
    const module = absoluteImport(this.module, this.tree.detail[node] as number, nameOf(this.tree, node));
    for (const alias of childrenOf(this.tree, node)) {
      const imported = nameOf(this.tree, alias);
      if (imported === "*") {
        this.module.starImports.push(module);
        continue;
      }
      const as = childWithRole(this.tree, alias, R.asname);
      this.binder.bindName(as >= 0 ? nameOf(this.tree, as) : imported, scope, { kind: "import", module, attribute: imported });
    }
  }

  private visitGlobal(node: number, scope: Scope): void {
    scope.fn.globals = new Set([...scope.fn.globals, ...this.namesIn(node)]);
  }

  private visitNonlocal(node: number, scope: Scope): void {
    scope.fn.nonlocals = new Set([...scope.fn.nonlocals, ...this.namesIn(node)]);
  }

  private namesIn(node: number): string[] {
    return childrenOf(this.tree, node).map((identifier) => nameOf(this.tree, identifier));
  }

  private visitReturn(node: number, scope: Scope): void {
    scope.fn.returns.push(childWithRole(this.tree, node, R.value));
    this.pending.addChildren(node, scope);
  }

  private visitYield(node: number, scope: Scope): void {
    scope.fn.yields.push(childWithRole(this.tree, node, R.value));
    this.pending.addChildren(node, scope);
  }
}

const noNames: ReadonlySet<string> = new Set();

function qualify(scope: Scope, name: string): string {
  if (scope.cls) return `${scope.cls.qualifiedName}.${name}`;
  return scope.fn.role === "module" ? name : `${scope.fn.qualifiedName}.${name}`;
}
