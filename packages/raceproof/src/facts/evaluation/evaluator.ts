// An expression node in, a StaticValue out: lazy, memoized, flow-insensitive evaluation over the program's declarations.
// Misses: values that come through containers of functions, getattr with computed names, metaclasses, flow and branches.
// Over-reports: a name bound several times is taken to be the first informative one.
import type { SyntaxTree } from "../../sources/index.ts";
import { shapeOfAnnotation } from "./annotations.ts";
import { capturedPlace, defaultPlace } from "./captured-names.ts";
import { isContextProxy } from "./context-proxy.ts";
import { Consultation } from "./consultation.ts";
import { managedObjectOf } from "./managed-objects.ts";
import type { PassedValues } from "./passed-values.ts";
import { shapeFromPlain } from "./plain-shape.ts";
import { receiverNameOf } from "../declarations/declarations.ts";
import type { Binding, Bindings, ClassDeclaration, Declarations, FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import { iterationOf, unpack } from "./elements.ts";
import { evaluations } from "./evaluations.ts";
import { valueTaken } from "./exchanges.ts";
import { mapWithin, Memos } from "./memos.ts";
import { valueOfExternal } from "./process-places.ts";
import { containerShape, heldShape, joinValues, unknownShape, unknownValue } from "./static-value.ts";
import type { Place, Shape, StaticValue } from "./static-value.ts";

/** Values nested deeper than this are "unknown": generated code must not overflow the stack, which holds about 1000. */
const deepestEvaluation = 400;

/** Of a node or name that is just being evaluated. */
const openValue: StaticValue = { shape: unknownShape };

export class Evaluator {
  readonly declarations: Declarations;
  /** What was asked of other modules so far. */
  readonly consulted: Consultation;
  readonly memos: Memos = new Memos();
  /** How often an answer was cut short: what was asked for was just being evaluated, or too deep. */
  cuts = 0;
  /** Undefined while what calls pass is only being collected. */
  private readonly passed: PassedValues | undefined;
  /** By node. */
  private readonly memo = new Map<SyntaxTree, (StaticValue | undefined)[]>();
  private readonly home: SyntaxTree;
  private readonly homeValues: (StaticValue | undefined)[];
  private readonly nameMemo = new Map<Bindings, Map<string, StaticValue>>();
  private readonly annotations = new WeakMap<SyntaxTree, Map<number, Shape>>();
  private readonly busy = new Set<string>();
  private depth = 0;

  /**
   * One evaluator works for one module: what it says depends on that module, what it consulted, and nothing else. (Values in
   * circles depend on where the circle was entered.)
   */
  constructor(declarations: Declarations, home: ModuleDeclaration, passed?: PassedValues) {
    this.declarations = declarations;
    this.passed = passed;
    this.home = home.tree;
    this.consulted = new Consultation(home.name);
    this.homeValues = [];
    this.homeValues.length = home.tree.size;
    this.memo.set(home.tree, this.homeValues);
  }

  moduleNamed(name: string): ModuleDeclaration | undefined {
    this.consulted.modules.add(name);
    return this.declarations.moduleNamed(name);
  }

  classWithKey(key: string): ClassDeclaration | undefined {
    const { classes } = this.memos;
    const known = classes.get(key);
    if (known) return known;
    this.consulted.noteClass(key);
    const cls = this.declarations.classWithKey(key);
    classes.set(key, cls);
    return cls;
  }

  functionWithKey(key: string): FunctionDeclaration | undefined {
    const fn = this.declarations.functionWithKey(key);
    if (fn) this.consulted.noteName(fn.module.name, fn.qualifiedName);
    return fn;
  }

  onlyClassWith(attribute: string): ClassDeclaration | undefined {
    const key = this.declarations.onlyClassWith(attribute);
    this.consulted.attributes.add(attribute);
    return key === undefined ? undefined : this.classWithKey(key);
  }

  /** Value of an expression node of a module; -1 stands for an absent expression. */
  valueOf(module: ModuleDeclaration, node: number): StaticValue {
    if (node < 0) return unknownValue;
    const values = module.tree === this.home ? this.homeValues : (this.memo.get(module.tree) ?? this.openForeign(module));
    const known = values[node];
    if (known) return known === openValue ? this.cutShort(unknownValue) : known;
    if (this.depth >= deepestEvaluation) return this.cutShort(unknownValue);
    values[node] = openValue; // a cycle through this node sees "unknown"
    this.depth++;
    const value = evaluations[module.tree.kind[node] as number]?.(this, module, node) ?? unknownValue;
    this.depth--;
    values[node] = value;
    return value;
  }

  /** Of other modules only a few nodes are asked for: an array with holes. */
  private openForeign({ tree }: ModuleDeclaration): (StaticValue | undefined)[] {
    const values: (StaticValue | undefined)[] = [];
    this.memo.set(tree, values);
    return values;
  }

  valuesOf(module: ModuleDeclaration, nodes: readonly number[]): StaticValue[] {
    return nodes.map((node) => this.valueOf(module, node));
  }

  /** One level deeper, or the fallback when that would be too deep: for recursions that do not go through `valueOf`. */
  descend<T>(fallback: T, compute: () => T): T {
    if (this.depth >= deepestEvaluation) return this.cutShort(fallback);
    this.depth++;
    const result = compute();
    this.depth--;
    return result;
  }

  private cutShort<T>(fallback: T): T {
    this.cuts++;
    return fallback;
  }

  /** Memo of the annotations room file; kept here because it lives as long as the program. */
  annotationShapesOf(tree: SyntaxTree): Map<number, Shape> {
    let shapes = this.annotations.get(tree);
    if (!shapes) this.annotations.set(tree, (shapes = new Map()));
    return shapes;
  }

  /** Name lookup by Python's scope rules: function, enclosing functions (not class bodies), module, builtins. */
  valueOfName(scope: FunctionDeclaration, name: string): StaticValue {
    const names = mapWithin(this.memos.names, scope);
    const known = names.get(name);
    if (known) return known;
    const { cuts } = this;
    const value = this.lookUp(scope, name);
    if (this.cuts === cuts) names.set(name, value);
    return value;
  }

  private lookUp(scope: FunctionDeclaration, name: string): StaticValue {
    for (let fn: FunctionDeclaration | undefined = scope; fn; fn = fn.parent) {
      if (fn.globals.has(name)) break;
      if (fn.role === "module" || !fn.bindings.has(name) || fn.nonlocals.has(name)) continue;
      const value = this.valueOfBindings(fn, fn.bindings, name);
      const place = fn === scope ? undefined : capturedPlace(scope, fn, name, value);
      return place ? { shape: heldShape(value), place } : value;
    }
    return this.valueOfGlobal(scope.module, name) ?? this.valueOfBuiltin(name);
  }

  private valueOfBuiltin(name: string): StaticValue {
    const { builtins } = this.memos;
    let value = builtins.get(name);
    if (!value) builtins.set(name, (value = { shape: { kind: "external", name: `builtins.${name}` } }));
    return value;
  }

  /** A module-level name, with the place that makes it a shared location; undefined when the module has no such name. */
  valueOfGlobal(module: ModuleDeclaration, name: string): StaticValue | undefined {
    const globals = mapWithin(this.memos.globals, module);
    const known = globals.get(name);
    if (known) return known;
    this.consulted.noteName(module.name, name);
    const { cuts } = this;
    const value = this.lookUpGlobal(module, name);
    if (value && this.cuts === cuts) globals.set(name, value);
    return value;
  }

  private lookUpGlobal(module: ModuleDeclaration, name: string): StaticValue | undefined {
    const bindings = module.bindings.get(name);
    if (!bindings) return module.starImports.length === 0 ? undefined : this.descend(undefined, () => this.valueOfStarImport(module, name));
    const value = this.valueOfBindings(module.body, module.bindings, name);
    // Imports and definitions name something that lives elsewhere; an assigned name is a location of its own.
    const assigned = bindings.some((binding) => binding.kind !== "import" && binding.kind !== "function" && binding.kind !== "class");
    if (!assigned) return value;
    const ownerName = module.name.slice(module.name.lastIndexOf(".") + 1);
    const place: Place = { ownerKind: "module", owner: module.name, path: name, ownerName, guessed: false };
    return { shape: heldShape(value), place: isContextProxy(this, module, bindings) ? { ...place, confined: true } : place };
  }

  private valueOfStarImport(module: ModuleDeclaration, name: string): StaticValue | undefined {
    for (const star of module.starImports) {
      const source = this.moduleNamed(star);
      const value = source && source !== module ? this.valueOfGlobal(source, name) : undefined;
      if (value) return value;
    }
    return undefined;
  }

  private valueOfBindings(fn: FunctionDeclaration, bindings: Bindings, name: string): StaticValue {
    const values = mapWithin(this.nameMemo, bindings);
    const known = values.get(name);
    if (known) return known === openValue ? this.cutShort(unknownValue) : known;
    values.set(name, openValue);
    const list = bindings.get(name) ?? [];
    const value = list.length === 1 ? this.valueOneDeeper(fn, list[0] as Binding) : this.valueOfSeveral(fn, list);
    values.set(name, value);
    return value;
  }

  private valueOfSeveral(fn: FunctionDeclaration, list: readonly Binding[]): StaticValue {
    const values: StaticValue[] = [];
    for (const binding of list) if (binding.kind === "annotation") values.push(this.valueOneDeeper(fn, binding));
    const annotated = values.length;
    let allFresh = annotated > 0 && annotated < list.length;
    for (const binding of list) {
      if (binding.kind === "annotation") continue;
      const value = this.valueOneDeeper(fn, binding);
      values.push(value);
      allFresh &&= value.fresh === true;
    }
    const joined = joinValues(values);
    // A bare annotation says what the name may hold, not where that comes from.
    return allFresh ? { ...joined, fresh: true } : joined;
  }

  private valueOneDeeper(fn: FunctionDeclaration, binding: Binding): StaticValue {
    if (this.depth >= deepestEvaluation) return this.cutShort(unknownValue);
    this.depth++;
    const value = this.valueOfBinding(fn, binding);
    this.depth--;
    return value;
  }

  private valueOfBinding(fn: FunctionDeclaration, binding: Binding): StaticValue {
    const { module } = fn;
    switch (binding.kind) {
      case "assign":
        return unpack(valueTaken(this, module, binding.value), binding.path);
      case "annotation":
        return { shape: shapeOfAnnotation(this, module, binding.annotation) };
      case "parameter":
        return this.valueOfParameter(binding.owner, binding.parameter.index);
      case "iteration":
        return unpack(iterationOf(this.valueOf(module, binding.iterable)), binding.path);
      case "context":
        return contextOf(this.valueOf(module, binding.manager));
      case "import":
        return this.valueOfImport(binding.module, binding.attribute);
      case "function":
        return { shape: { kind: "function", of: binding.declaration, receiver: undefined } };
      case "class":
        return { shape: { kind: "class", of: binding.declaration } };
      case "opaque":
        return unknownValue;
    }
  }

  private valueOfParameter(fn: FunctionDeclaration, index: number): StaticValue {
    const parameter = fn.parameters[index];
    if (!parameter) return unknownValue;
    if (parameter.name === receiverNameOf(fn) && fn.owner) {
      return { shape: { kind: fn.role === "class-method" ? "class" : "instance", of: fn.owner } };
    }
    const annotated = shapeOfAnnotation(this, fn.module, parameter.annotation);
    if (parameter.kind === "var-positional") return { shape: containerShape("immutable", annotated), fresh: true };
    if (parameter.kind === "var-keyword") return { shape: containerShape("dict", annotated), fresh: true };
    if (annotated.kind !== "unknown") return { shape: annotated };
    const passed = this.valuesPassed(fn, index);
    const byDefault = this.valueOf(fn.module, parameter.default);
    const place = passed.length === 0 ? defaultPlace(fn, parameter.name, byDefault) : this.passed?.placeFor(fn.key, index);
    return managedObjectOf(fn, index) ?? { shape: joinValues([...passed, byDefault]).shape, place };
  }

  private valuesPassed(fn: FunctionDeclaration, index: number): StaticValue[] {
    if (!this.passed) return [];
    this.consulted.parameters.add(fn.key);
    return this.passed.shapesFor(fn.key, index).map((plain) => ({ shape: shapeFromPlain(this, plain) }));
  }

  /** `attribute` undefined: the module itself. */
  valueOfImport(moduleName: string, attribute: string | undefined): StaticValue {
    const module = this.moduleNamed(moduleName);
    if (attribute === undefined) return { shape: module ? { kind: "module", of: module } : { kind: "external", name: moduleName } };
    const name = `${moduleName}.${attribute}`;
    if (module) {
      const value = this.valueOfImportedGlobal(module, attribute, name);
      if (value) return value;
    }
    const submodule = this.moduleNamed(name);
    return submodule ? { shape: { kind: "module", of: submodule } } : valueOfExternal(name);
  }

  private valueOfImportedGlobal(module: ModuleDeclaration, attribute: string, name: string): StaticValue | undefined {
    if (this.busy.has(name)) return this.cutShort(unknownValue);
    this.busy.add(name);
    const value = this.valueOfGlobal(module, attribute);
    this.busy.delete(name);
    return value;
  }
}

/** `with lock as x`, `with C() as x`: nearly always the manager itself. */
function contextOf(manager: StaticValue): StaticValue {
  return manager.shape.kind === "instance" ? manager : { shape: manager.shape };
}
