// A parsed file in, its module, class and function declarations out: every binding of every name, no evaluation.
// Lambdas and comprehensions are treated as part of the function around them.
import { childrenOf, childrenWithRole, childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R, textOf } from "../sources/index.ts";
import type { SyntaxTree } from "../sources/index.ts";
import { addBinding, receiverNameOf } from "./declarations.ts";
import type {
  Binding, Bindings, ClassDeclaration, FunctionDeclaration, FunctionRole, ModuleDeclaration, ParameterDeclaration,
} from "./declarations.ts";
import { absoluteImport, moduleNameOf } from "./module-names.ts";

export interface ParsedFile {
  /** Path relative to the subject's root, forward slashes: what spans say. */
  readonly path: string;
  /** Path relative to the import root: names the module. */
  readonly modulePath: string;
  readonly tree: SyntaxTree;
}

/** What all files of one program fill together. */
export interface Declarations {
  readonly modules: Map<string, ModuleDeclaration>;
  readonly classes: Map<string, ClassDeclaration>;
  readonly functions: FunctionDeclaration[];
  /** Innermost function of a function or class node, per module: node id -> declaration. */
  readonly functionOfNode: Map<ModuleDeclaration, Map<number, FunctionDeclaration>>;
}

interface Place {
  readonly fn: FunctionDeclaration;
  /** The class whose body directly holds the statement. */
  readonly cls: ClassDeclaration | undefined;
  readonly bindings: Bindings;
}

export function collectDeclarations(files: readonly ParsedFile[]): Declarations {
  const declarations: Declarations = { modules: new Map(), classes: new Map(), functions: [], functionOfNode: new Map() };
  for (const file of files) new Collector(declarations, file).collect();
  return declarations;
}

const parameterKinds: readonly [role: number, kind: ParameterDeclaration["kind"]][] = [
  [R.posonlyargs, "positional-only"], [R.args, "positional"], [R.vararg, "var-positional"],
  [R.kwonlyargs, "keyword-only"], [R.kwarg, "var-keyword"],
];

class Collector {
  private readonly tree: SyntaxTree;
  private readonly module: ModuleDeclaration;
  private readonly nodes = new Map<number, FunctionDeclaration>();
  private readonly all: Declarations;

  constructor(all: Declarations, file: ParsedFile) {
    this.all = all;
    this.tree = file.tree;
    const bindings: Bindings = new Map();
    this.module = {
      name: moduleNameOf(file.modulePath), file: file.path, tree: file.tree, isPackage: file.path.endsWith("__init__.py"),
      bindings, body: undefined as unknown as FunctionDeclaration, starImports: [], reboundGlobals: new Set(),
    };
    this.module.body = this.newFunction(file.tree.size - 1, "<module>", "module", undefined, undefined, bindings);
    all.modules.set(this.module.name, this.module);
    all.functionOfNode.set(this.module, this.nodes);
  }

  collect(): void {
    const place: Place = { fn: this.module.body, cls: undefined, bindings: this.module.bindings };
    for (const child of childrenOf(this.tree, this.tree.size - 1)) this.visit(child, place);
  }

  private newFunction(
    node: number, qualifiedName: string, role: FunctionRole, owner: ClassDeclaration | undefined,
    parent: FunctionDeclaration | undefined, bindings: Bindings = new Map(),
  ): FunctionDeclaration {
    const kind = this.tree.kind[node];
    const declaration: FunctionDeclaration = {
      id: this.all.functions.length, module: this.module, node, name: qualifiedName.split(".").at(-1) ?? qualifiedName,
      qualifiedName, role, owner, parent, parameters: [], bindings, globals: new Set(), nonlocals: new Set(),
      decorators: childrenWithRole(this.tree, node, R.decorator_list).map((decorator) => textOf(this.tree, decorator)),
      returns: [], yields: [], asynchronous: kind === K.AsyncFunctionDef,
    };
    this.all.functions.push(declaration);
    this.nodes.set(node, declaration);
    return declaration;
  }

  private visit(node: number, place: Place): void {
    const handler = this.handlers.get(this.tree.kind[node] as number);
    if (handler) handler(node, place);
    else this.visitChildren(node, place);
  }

  private visitChildren(node: number, place: Place): void {
    for (const child of childrenOf(this.tree, node)) this.visit(child, place);
  }

  private readonly handlers: ReadonlyMap<number, (node: number, place: Place) => void> = new Map([
    [K.FunctionDef, (node: number, place: Place) => this.visitFunction(node, place)],
    [K.AsyncFunctionDef, (node: number, place: Place) => this.visitFunction(node, place)],
    [K.ClassDef, (node: number, place: Place) => this.visitClass(node, place)],
    [K.Lambda, (node: number, place: Place) => this.visitLambda(node, place)],
    [K.Assign, (node: number, place: Place) => this.visitAssign(node, place)],
    [K.AnnAssign, (node: number, place: Place) => this.visitAnnotated(node, place)],
    [K.AugAssign, (node: number, place: Place) => this.visitAugmented(node, place)],
    [K.NamedExpr, (node: number, place: Place) => this.visitNamed(node, place)],
    [K.For, (node: number, place: Place) => this.visitIteration(node, place)],
    [K.AsyncFor, (node: number, place: Place) => this.visitIteration(node, place)],
    [K.comprehension, (node: number, place: Place) => this.visitIteration(node, place)],
    [K.withitem, (node: number, place: Place) => this.visitContext(node, place)],
    [K.ExceptHandler, (node: number, place: Place) => this.visitHandler(node, place)],
    [K.Import, (node: number, place: Place) => this.visitImport(node, place)],
    [K.ImportFrom, (node: number, place: Place) => this.visitImportFrom(node, place)],
    [K.Global, (node: number, place: Place) => this.visitGlobal(node, place)],
    [K.Nonlocal, (node: number, place: Place) => this.visitNonlocal(node, place)],
    [K.Return, (node: number, place: Place) => this.visitReturn(node, place)],
    [K.Yield, (node: number, place: Place) => this.visitYield(node, place)],
    [K.YieldFrom, (node: number, place: Place) => this.visitYield(node, place)],
  ]);

  private visitFunction(node: number, place: Place): void {
    const name = nameOf(this.tree, node);
    const prefix = place.cls ? place.cls.qualifiedName : place.fn.role === "module" ? "" : place.fn.qualifiedName;
    const owner = place.cls ?? (place.fn.role === "class-body" ? undefined : place.fn.owner);
    const parent = place.fn.role === "module" || place.fn.role === "class-body" ? undefined : place.fn;
    const declaration = this.newFunction(node, prefix ? `${prefix}.${name}` : name, this.roleOf(node, place), owner, parent);
    addBinding(place.bindings, name, { kind: "function", declaration });
    if (place.cls) {
      const known = place.cls.methods.get(name);
      if (known) known.push(declaration);
      else place.cls.methods.set(name, [declaration]);
    }
    for (const decorator of childrenWithRole(this.tree, node, R.decorator_list)) this.visit(decorator, place);
    this.bindParameters(node, declaration, place);
    const inner: Place = { fn: declaration, cls: undefined, bindings: declaration.bindings };
    for (const child of childrenWithRole(this.tree, node, R.body)) this.visit(child, inner);
  }

  private roleOf(node: number, place: Place): FunctionRole {
    if (!place.cls) return place.fn.role === "module" ? "function" : "nested";
    const decorators = childrenWithRole(this.tree, node, R.decorator_list).map((decorator) => textOf(this.tree, decorator));
    if (decorators.includes("staticmethod")) return nameOf(this.tree, node) === "__new__" ? "class-method" : "static-method";
    if (decorators.includes("classmethod") || nameOf(this.tree, node) === "__new__") return "class-method";
    if (decorators.some((text) => /\.(setter|deleter)$/.test(text))) return "property-setter";
    if (decorators.some((text) => /(^|\.)(cached_)?property$/.test(text))) return "property";
    return "method";
  }

  private bindParameters(node: number, declaration: FunctionDeclaration, place: Place): void {
    let pending: ParameterDeclaration | undefined;
    for (const child of childrenOf(this.tree, node)) {
      const role = this.tree.role[child];
      if (role === R.defaults || role === R.kw_defaults) {
        if (pending) declaration.parameters[pending.index] = { ...pending, default: child };
        this.visit(child, place);
        continue;
      }
      const kind = parameterKinds.find(([parameterRole]) => parameterRole === role)?.[1];
      if (!kind) continue;
      const annotation = childWithRole(this.tree, child, R.annotation);
      pending = { name: nameOf(this.tree, child), node: child, annotation, default: -1, kind, index: declaration.parameters.length };
      declaration.parameters.push(pending);
    }
    for (const parameter of declaration.parameters) {
      addBinding(declaration.bindings, parameter.name, { kind: "parameter", parameter, owner: declaration });
    }
  }

  private visitLambda(node: number, place: Place): void {
    for (const [role] of parameterKinds) {
      for (const parameter of childrenWithRole(this.tree, node, role)) {
        addBinding(place.bindings, nameOf(this.tree, parameter), { kind: "opaque" });
      }
    }
    this.visitChildren(node, place);
  }

  private visitClass(node: number, place: Place): void {
    const name = nameOf(this.tree, node);
    const prefix = place.cls ? place.cls.qualifiedName : place.fn.role === "module" ? "" : place.fn.qualifiedName;
    const qualifiedName = prefix ? `${prefix}.${name}` : name;
    const declaration: ClassDeclaration = {
      key: `${this.module.name}:${qualifiedName}`, module: this.module, qualifiedName, node,
      bases: childrenWithRole(this.tree, node, R.bases), bindings: new Map(), methods: new Map(), attributes: new Map(),
    };
    // A second definition under the same name (if/else on versions) must not hide the first one's methods.
    if (!this.all.classes.has(declaration.key)) this.all.classes.set(declaration.key, declaration);
    addBinding(place.bindings, name, { kind: "class", declaration });
    const body = this.newFunction(node, qualifiedName, "class-body", declaration, undefined, declaration.bindings);
    const inner: Place = { fn: body, cls: declaration, bindings: declaration.bindings };
    for (const child of childrenOf(this.tree, node)) this.visit(child, this.tree.role[child] === R.body ? inner : place);
  }

  private visitAssign(node: number, place: Place): void {
    const value = childWithRole(this.tree, node, R.value);
    for (const target of childrenWithRole(this.tree, node, R.targets)) {
      this.bindTarget(target, place, (path) => ({ kind: "assign", value, path }));
    }
    this.visitChildren(node, place);
  }

  private visitAnnotated(node: number, place: Place): void {
    const target = childWithRole(this.tree, node, R.target);
    const annotation = childWithRole(this.tree, node, R.annotation);
    const value = childWithRole(this.tree, node, R.value);
    if (this.tree.kind[target] === K.Name) {
      const name = nameOf(this.tree, target);
      addBinding(place.bindings, name, { kind: "annotation", annotation });
      if (value >= 0) addBinding(place.bindings, name, { kind: "assign", value, path: [] });
    } else this.noteAttribute(target, place, value, annotation);
    if (value >= 0) this.visit(value, place);
  }

  private visitAugmented(node: number, place: Place): void {
    const target = childWithRole(this.tree, node, R.target);
    const value = childWithRole(this.tree, node, R.value);
    // `x += 1` keeps the type of x; binding it to its own value would only add a cycle.
    if (this.tree.kind[target] === K.Attribute) this.noteAttribute(target, place, -1, -1);
    this.visit(value, place);
    if (this.tree.kind[target] !== K.Name) this.visit(target, place);
  }

  private visitNamed(node: number, place: Place): void {
    const value = childWithRole(this.tree, node, R.value);
    const target = childWithRole(this.tree, node, R.target);
    addBinding(place.bindings, nameOf(this.tree, target), { kind: "assign", value, path: [] });
    this.visit(value, place);
  }

  private visitIteration(node: number, place: Place): void {
    const iterable = childWithRole(this.tree, node, R.iter);
    const target = childWithRole(this.tree, node, R.target);
    this.bindTarget(target, place, (path) => ({ kind: "iteration", iterable, path }));
    this.visitChildren(node, place);
  }

  private visitContext(node: number, place: Place): void {
    const manager = childWithRole(this.tree, node, R.context_expr);
    const target = childWithRole(this.tree, node, R.optional_vars);
    if (target >= 0) this.bindTarget(target, place, () => ({ kind: "context", manager }));
    this.visitChildren(node, place);
  }

  private visitHandler(node: number, place: Place): void {
    const name = nameOf(this.tree, node);
    if (name) addBinding(place.bindings, name, { kind: "opaque" });
    this.visitChildren(node, place);
  }

  private visitImport(node: number, place: Place): void {
    for (const alias of childrenOf(this.tree, node)) {
      const dotted = nameOf(this.tree, alias);
      const as = childWithRole(this.tree, alias, R.asname);
      const name = as >= 0 ? nameOf(this.tree, as) : (dotted.split(".")[0] ?? dotted);
      addBinding(place.bindings, name, { kind: "import", module: as >= 0 ? dotted : name, attribute: undefined });
    }
  }

  private visitImportFrom(node: number, place: Place): void {
    const module = absoluteImport(this.module, this.tree.detail[node] as number, nameOf(this.tree, node));
    for (const alias of childrenOf(this.tree, node)) {
      const imported = nameOf(this.tree, alias);
      if (imported === "*") {
        this.module.starImports.push(module);
        continue;
      }
      const as = childWithRole(this.tree, alias, R.asname);
      addBinding(place.bindings, as >= 0 ? nameOf(this.tree, as) : imported, { kind: "import", module, attribute: imported });
    }
  }

  private visitGlobal(node: number, place: Place): void {
    for (const identifier of childrenOf(this.tree, node)) {
      place.fn.globals.add(nameOf(this.tree, identifier));
      if (place.fn.role !== "module") this.module.reboundGlobals.add(nameOf(this.tree, identifier));
    }
  }

  private visitNonlocal(node: number, place: Place): void {
    for (const identifier of childrenOf(this.tree, node)) place.fn.nonlocals.add(nameOf(this.tree, identifier));
  }

  private visitReturn(node: number, place: Place): void {
    place.fn.returns.push(childWithRole(this.tree, node, R.value));
    this.visitChildren(node, place);
  }

  private visitYield(node: number, place: Place): void {
    place.fn.yields.push(childWithRole(this.tree, node, R.value));
    this.visitChildren(node, place);
  }

  private bindTarget(target: number, place: Place, binding: (path: readonly number[]) => Binding, path: readonly number[] = []): void {
    switch (this.tree.kind[target]) {
      case K.Name:
        this.bindName(nameOf(this.tree, target), place, binding(path));
        return;
      case K.Tuple:
      case K.List:
        childrenOf(this.tree, target).forEach((child, index) => this.bindTarget(child, place, binding, [...path, index]));
        return;
      case K.Starred:
        for (const child of childrenOf(this.tree, target)) this.bindTarget(child, place, () => ({ kind: "opaque" }));
        return;
      case K.Attribute: {
        const bound = binding(path);
        this.noteAttribute(target, place, bound.kind === "assign" && path.length === 0 ? bound.value : -1, -1);
      }
    }
  }

  private bindName(name: string, place: Place, binding: Binding): void {
    if (place.fn.globals.has(name)) addBinding(this.module.bindings, name, binding);
    else if (place.fn.nonlocals.has(name) && place.fn.parent) addBinding(place.fn.parent.bindings, name, binding);
    else addBinding(place.bindings, name, binding);
  }

  /** `self.attr = value` inside a method of the class, also from functions nested in it. */
  private noteAttribute(target: number, place: Place, value: number, annotation: number): void {
    const owner = place.fn.owner;
    const receiver = childWithRole(this.tree, target, R.value);
    if (this.tree.kind[target] !== K.Attribute || !owner || this.tree.kind[receiver] !== K.Name) return;
    let method: FunctionDeclaration | undefined = place.fn;
    while (method && receiverNameOf(method) === undefined) method = method.parent;
    const name = nameOf(this.tree, receiver);
    const isNew = method?.name === "__new__" && place.fn.bindings.has(name) && name === "self";
    if (!method || (receiverNameOf(method) !== name && !isNew)) return;
    const attribute = nameOf(this.tree, target);
    const known = owner.attributes.get(attribute);
    const assignment = { method: place.fn, value, annotation };
    if (known) known.push(assignment);
    else owner.attributes.set(attribute, [assignment]);
  }
}

/** The function (or module or class body) whose code directly contains a node. */
export function functionAround(declarations: Declarations, module: ModuleDeclaration, node: number): FunctionDeclaration {
  const nodes = declarations.functionOfNode.get(module);
  for (let at = parentOf(module.tree, node), from = node; at >= 0; from = at, at = parentOf(module.tree, at)) {
    const declaration = nodes?.get(at);
    // Decorators, defaults, annotations and bases are evaluated by the scope outside.
    if (declaration && (module.tree.role[from] === R.body || at === module.tree.size - 1)) return declaration;
  }
  return module.body;
}
