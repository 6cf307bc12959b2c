// An expression node in, a StaticValue out: lazy, memoized, flow-insensitive evaluation over the program's declarations.
// Misses: values that come through containers of functions, getattr with computed names, metaclasses, flow and branches.
// Over-reports: a name bound several times is taken to be the first informative one.
import {
  childrenOf, childrenWithRole, childWithRole, ConstantType, nameOf, parsePythonExpression, PythonKind as K, PythonRole as R, stringValueOf,
} from "../sources/index.ts";
import type { SyntaxTree } from "../sources/index.ts";
import { annotatedKinds, constructedKinds } from "../models/index.ts";
import type { ContainerKind } from "../vocabulary/index.ts";
import { attributeOf } from "./attribute-lookup.ts";
import { callResultOf } from "./call-results.ts";
import { functionAround } from "./collect-declarations.ts";
import type { Declarations } from "./collect-declarations.ts";
import { receiverNameOf } from "./declarations.ts";
import type { Binding, Bindings, ClassDeclaration, FunctionDeclaration, ModuleDeclaration } from "./declarations.ts";
import { containerShape, joinValues, unknownValue } from "./static-value.ts";
import type { Shape, StaticValue } from "./static-value.ts";

const constantKinds: ReadonlyMap<number, ContainerKind> = new Map<number, ContainerKind>([
  [ConstantType.None, "none"], [ConstantType.True, "boolean"], [ConstantType.False, "boolean"], [ConstantType.Integer, "integer"],
  [ConstantType.Float, "float"], [ConstantType.String, "text"], [ConstantType.Bytes, "text"],
]);

const displayKinds: ReadonlyMap<number, ContainerKind> = new Map<number, ContainerKind>([
  [K.Dict, "dict"], [K.DictComp, "dict"], [K.List, "list"], [K.ListComp, "list"], [K.Set, "set"], [K.SetComp, "set"],
  [K.GeneratorExp, "iterator"], [K.JoinedStr, "text"], [K.Compare, "boolean"],
]);

/** Annotation wrappers that say nothing about the object itself. */
const transparentAnnotations: ReadonlySet<string> = new Set(["Optional", "Union", "ClassVar", "Final", "Annotated", "Required", "NotRequired"]);

export class Evaluator {
  readonly declarations: Declarations;
  private readonly memo = new Map<SyntaxTree, Map<number, StaticValue>>();
  private readonly nameMemo = new Map<Bindings, Map<string, StaticValue>>();
  private readonly busy = new Set<string>();
  /** Call sites of each function, filled by the call graph so that unannotated parameters learn from their arguments. */
  argumentsOf: (fn: FunctionDeclaration, index: number) => readonly StaticValue[] = () => [];

  constructor(declarations: Declarations) {
    this.declarations = declarations;
  }

  /** Value of an expression node of a module. */
  valueOf(module: ModuleDeclaration, node: number): StaticValue {
    if (node < 0) return unknownValue;
    let values = this.memo.get(module.tree);
    if (!values) this.memo.set(module.tree, (values = new Map()));
    const known = values.get(node);
    if (known) return known;
    values.set(node, unknownValue); // a cycle through this node sees "unknown"
    const value = this.evaluate(module, node);
    values.set(node, value);
    return value;
  }

  private evaluate(module: ModuleDeclaration, node: number): StaticValue {
    const { tree } = module;
    const kind = tree.kind[node] as number;
    const display = displayKinds.get(kind);
    if (display) return { shape: containerShape(display, this.displayElement(module, node)), fresh: true };
    switch (kind) {
      case K.Constant: {
        const constant = constantKinds.get(tree.detail[node] as number);
        return constant ? { shape: containerShape(constant) } : unknownValue;
      }
      case K.Name:
        return this.valueOfName(functionAround(this.declarations, module, node), nameOf(tree, node));
      case K.Attribute:
        return attributeOf(this, this.valueOf(module, childWithRole(tree, node, R.value)), nameOf(tree, node));
      case K.Subscript:
        return this.elementOf(this.valueOf(module, childWithRole(tree, node, R.value)), module, childWithRole(tree, node, R.slice));
      case K.Call:
        return callResultOf(this, module, node);
      case K.Tuple:
        return { shape: { kind: "tuple", elements: childrenOf(tree, node).map((child) => this.valueOf(module, child)) } };
      case K.IfExp:
        return joinValues([R.body, R.orelse].map((role) => this.valueOf(module, childWithRole(tree, node, role))));
      case K.BoolOp:
        return joinValues(childrenWithRole(tree, node, R.values).map((child) => this.valueOf(module, child)));
      case K.NamedExpr:
      case K.Await:
      case K.Starred:
        return this.valueOf(module, childWithRole(tree, node, R.value));
      case K.BinOp:
        return { shape: this.valueOf(module, childWithRole(tree, node, R.left)).shape };
      case K.UnaryOp:
        return { shape: this.valueOf(module, childWithRole(tree, node, R.operand)).shape };
      default:
        return unknownValue;
    }
  }

  private displayElement(module: ModuleDeclaration, node: number): Shape | undefined {
    const { tree } = module;
    const role = tree.kind[node] === K.Dict || tree.kind[node] === K.DictComp ? [R.values, R.value] : [R.elts, R.elt];
    for (const each of role) {
      const child = childWithRole(tree, node, each);
      if (child >= 0) {
        const { shape } = this.valueOf(module, child);
        return shape.kind === "unknown" ? undefined : shape;
      }
    }
    return undefined;
  }

  /** Name lookup by Python's scope rules: function, enclosing functions (not class bodies), module, builtins. */
  valueOfName(scope: FunctionDeclaration, name: string): StaticValue {
    for (let fn: FunctionDeclaration | undefined = scope; fn; fn = fn.parent) {
      if (fn.globals.has(name)) break;
      const bindings = fn.nonlocals.has(name) ? undefined : fn.bindings.get(name);
      if (bindings && fn.role !== "module") return this.valueOfBindings(fn, fn.bindings, name);
    }
    return this.valueOfGlobal(scope.module, name) ?? { shape: { kind: "external", name: `builtins.${name}` } };
  }

  /** A module-level name, with the place that makes it a shared location; undefined when the module has no such name. */
  valueOfGlobal(module: ModuleDeclaration, name: string): StaticValue | undefined {
    if (module.bindings.has(name)) {
      const value = this.valueOfBindings(module.body, module.bindings, name);
      // Imports and definitions name something that lives elsewhere; an assigned name is a location of its own.
      const assigned = module.bindings.get(name)?.some((binding) => binding.kind !== "import" && binding.kind !== "function" && binding.kind !== "class");
      if (!assigned) return value;
      return {
        shape: value.shape,
        place: { ownerKind: "module", owner: module.name, path: name, ownerName: module.name.split(".").at(-1) ?? module.name, guessed: false },
      };
    }
    for (const star of module.starImports) {
      const source = this.declarations.modules.get(star);
      const value = source && source !== module ? this.valueOfGlobal(source, name) : undefined;
      if (value) return value;
    }
    return undefined;
  }

  private valueOfBindings(fn: FunctionDeclaration, bindings: Bindings, name: string): StaticValue {
    let values = this.nameMemo.get(bindings);
    if (!values) this.nameMemo.set(bindings, (values = new Map()));
    const known = values.get(name);
    if (known) return known;
    values.set(name, unknownValue);
    const list = bindings.get(name) ?? [];
    const annotated = list.filter((binding) => binding.kind === "annotation");
    const fromAnnotation = annotated.map((binding) => this.valueOfBinding(fn, binding));
    const value = joinValues([...fromAnnotation, ...list.filter((binding) => binding.kind !== "annotation").map((binding) => this.valueOfBinding(fn, binding))]);
    values.set(name, value);
    return value;
  }

  private valueOfBinding(fn: FunctionDeclaration, binding: Binding): StaticValue {
    const { module } = fn;
    switch (binding.kind) {
      case "assign":
        return this.select(this.valueOf(module, binding.value), binding.path);
      case "annotation":
        return { shape: this.shapeOfAnnotation(module, binding.annotation) };
      case "parameter":
        return this.valueOfParameter(binding.owner, binding.parameter.index);
      case "iteration":
        return this.select(this.iterationOf(this.valueOf(module, binding.iterable)), binding.path);
      case "context":
        return this.contextOf(this.valueOf(module, binding.manager));
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

  /** `with lock as x`, `with C() as x`: nearly always the manager itself. */
  private contextOf(manager: StaticValue): StaticValue {
    return manager.shape.kind === "instance" ? manager : { shape: manager.shape };
  }

  private valueOfParameter(fn: FunctionDeclaration, index: number): StaticValue {
    const parameter = fn.parameters[index];
    if (!parameter) return unknownValue;
    if (parameter.name === receiverNameOf(fn) && fn.owner) {
      const isClass = fn.role === "class-method";
      return { shape: { kind: isClass ? "class" : "instance", of: fn.owner } };
    }
    const annotated = this.shapeOfAnnotation(fn.module, parameter.annotation);
    if (parameter.kind === "var-positional") return { shape: containerShape("immutable", annotated), fresh: true };
    if (parameter.kind === "var-keyword") return { shape: containerShape("dict", annotated), fresh: true };
    if (annotated.kind !== "unknown") return { shape: annotated };
    const guard = `${fn.id}:${index}`;
    if (this.busy.has(guard)) return unknownValue;
    this.busy.add(guard);
    const values = this.argumentsOf(fn, index);
    this.busy.delete(guard);
    const joined = joinValues([...values, this.valueOf(fn.module, parameter.default)]);
    return { shape: joined.shape };
  }

  valueOfImport(moduleName: string, attribute: string | undefined): StaticValue {
    const module = this.declarations.modules.get(moduleName);
    if (attribute === undefined) {
      return { shape: module ? { kind: "module", of: module } : { kind: "external", name: moduleName } };
    }
    const submodule = this.declarations.modules.get(`${moduleName}.${attribute}`);
    if (module) {
      const guard = `${moduleName}.${attribute}`;
      if (this.busy.has(guard)) return unknownValue;
      this.busy.add(guard);
      const value = this.valueOfGlobal(module, attribute);
      this.busy.delete(guard);
      if (value) return value;
    }
    return { shape: submodule ? { kind: "module", of: submodule } : { kind: "external", name: `${moduleName}.${attribute}` } };
  }

  /** Elements of a value as a `for` statement would see them. */
  iterationOf(value: StaticValue): StaticValue {
    const { shape } = value;
    if (shape.kind !== "container") return unknownValue;
    const place = value.place && { ...value.place, path: `${value.place.path}[]` };
    if (shape.container === "dict") return { shape: shape.key ?? { kind: "unknown" } };
    if (shape.element?.kind === "tuple") return { shape: shape.element };
    return { shape: shape.element ?? { kind: "unknown" }, place };
  }

  elementOf(base: StaticValue, module: ModuleDeclaration, slice: number): StaticValue {
    if (slice >= 0 && module.tree.kind[slice] === K.Slice) return { shape: base.shape, fresh: true };
    const text = slice >= 0 && module.tree.kind[slice] === K.Constant ? stringValueOf(module.tree, slice) : undefined;
    const step = text === undefined ? "[]" : `['${text}']`;
    const place = base.place && { ...base.place, path: base.place.path + step };
    if (base.shape.kind === "tuple") return { shape: base.shape.elements[0]?.shape ?? { kind: "unknown" } };
    if (base.shape.kind !== "container") return { shape: { kind: "unknown" }, place };
    return { shape: base.shape.element ?? { kind: "unknown" }, place };
  }

  private select(value: StaticValue, path: readonly number[]): StaticValue {
    let at = value;
    for (const index of path) {
      const { shape } = at;
      if (shape.kind === "tuple") at = shape.elements[index] ?? unknownValue;
      else if (shape.kind === "container" && shape.element) at = { shape: shape.element };
      else return unknownValue;
    }
    return at;
  }

  /** Shape an annotation promises: classes of the program, containers with their element, None-able ones without the None. */
  shapeOfAnnotation(module: ModuleDeclaration, node: number): Shape {
    if (node < 0) return { kind: "unknown" };
    const { tree } = module;
    switch (tree.kind[node]) {
      case K.Constant: {
        if (tree.detail[node] === ConstantType.None) return containerShape("none");
        const text = stringValueOf(tree, node);
        return text === undefined ? { kind: "unknown" } : this.shapeOfAnnotationText(module, text);
      }
      case K.BinOp:
        return this.firstInformative(module, [childWithRole(tree, node, R.left), childWithRole(tree, node, R.right)]);
      case K.Subscript:
        return this.shapeOfGeneric(module, node);
      case K.Name:
      case K.Attribute:
        return this.shapeOfAnnotationName(module, this.valueOf(module, node), nameOf(tree, node));
      default:
        return { kind: "unknown" };
    }
  }

  private shapeOfAnnotationText(module: ModuleDeclaration, text: string): Shape {
    const tree = parsePythonExpression(text, module.tree.names);
    // A string annotation is evaluated in its module's scope: a view of the module with the annotation's own tree.
    const view: ModuleDeclaration = { ...module, tree };
    view.body = module.body;
    const root = tree.size - 1;
    const expression = tree.kind[root] === K.Module ? (childrenOf(tree, root)[0] ?? -1) : root;
    const inner = expression >= 0 && tree.kind[expression] === K.Expr ? childWithRole(tree, expression, R.value) : expression;
    return this.shapeOfAnnotation(view, inner);
  }

  private firstInformative(module: ModuleDeclaration, nodes: readonly number[]): Shape {
    let fallback: Shape = { kind: "unknown" };
    for (const node of nodes) {
      const shape = this.shapeOfAnnotation(module, node);
      if (shape.kind === "container" && shape.container === "none") continue;
      if (shape.kind !== "unknown") return shape;
      fallback = shape;
    }
    return fallback;
  }

  private shapeOfGeneric(module: ModuleDeclaration, node: number): Shape {
    const { tree } = module;
    const base = childWithRole(tree, node, R.value);
    const slice = childWithRole(tree, node, R.slice);
    const name = nameOf(tree, base);
    const parameters = tree.kind[slice] === K.Tuple ? childrenOf(tree, slice) : [slice];
    if (transparentAnnotations.has(name)) return this.firstInformative(module, name === "Annotated" ? parameters.slice(0, 1) : parameters);
    if (name === "Type" || name === "type") {
      const of = this.shapeOfAnnotation(module, parameters[0] ?? -1);
      return of.kind === "instance" ? { kind: "class", of: of.of } : { kind: "unknown" };
    }
    const kind = annotatedKinds.get(name);
    if (kind === "immutable" && /^tuple$/i.test(name)) {
      return { kind: "tuple", elements: parameters.map((parameter) => ({ shape: this.shapeOfAnnotation(module, parameter) })) };
    }
    if (!kind) return this.shapeOfAnnotationName(module, this.valueOf(module, base), name);
    const element = this.shapeOfAnnotation(module, parameters.at(-1) ?? -1);
    const key = kind === "dict" ? this.shapeOfAnnotation(module, parameters[0] ?? -1) : undefined;
    return containerShape(kind, element.kind === "unknown" ? undefined : element, key);
  }

  private shapeOfAnnotationName(module: ModuleDeclaration, value: StaticValue, name: string): Shape {
    const { shape } = value;
    if (shape.kind === "class") return { kind: "instance", of: shape.of };
    if (shape.kind === "external") {
      const kind = constructedKinds.get(shape.name) ?? annotatedKinds.get(name);
      return kind ? containerShape(kind) : { kind: "unknown" };
    }
    return this.shapeOfTypeAlias(module, name);
  }

  /** `AnyFile = Union[FakeFile, FakeDirectory]`: a module-level alias used as an annotation. */
  private shapeOfTypeAlias(module: ModuleDeclaration, name: string): Shape {
    const guard = `alias:${module.name}.${name}`;
    if (this.busy.has(guard)) return { kind: "unknown" };
    this.busy.add(guard);
    const binding = module.bindings.get(name)?.[0];
    let shape: Shape = { kind: "unknown" };
    if (binding?.kind === "assign") shape = this.shapeOfAnnotation(this.homeOf(module), binding.value);
    else if (binding?.kind === "import" && binding.attribute) {
      const source = this.declarations.modules.get(binding.module);
      if (source) shape = this.shapeOfTypeAlias(source, binding.attribute);
    }
    this.busy.delete(guard);
    return shape;
  }

  /** The real module behind a string-annotation view. */
  private homeOf(module: ModuleDeclaration): ModuleDeclaration {
    return this.declarations.modules.get(module.name) ?? module;
  }

  classOf(key: string): ClassDeclaration | undefined {
    return this.declarations.classes.get(key);
  }
}
