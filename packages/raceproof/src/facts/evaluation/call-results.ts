// A call node in, the value it returns out: constructors, functions of the program, builtins, container methods.
import { childrenWithRole, childWithRole, nameOf, PythonRole as R } from "../../sources/index.ts";
import { constructedKinds, lazyAppliers, lazyWrappers, viewFunctions } from "../../models/index.ts";
import { shapeOfAnnotation } from "./annotations.ts";
import { attributeOf } from "./attribute-lookup.ts";
import { findMethod } from "./class-hierarchy.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import { iterationOf } from "./elements.ts";
import type { Evaluator } from "./evaluator.ts";
import { namedAttributeOf } from "./named-attributes.ts";
import { returnValueOf } from "./return-values.ts";
import { containerShape, unknownShape, unknownValue } from "./static-value.ts";
import type { Shape, StaticValue } from "./static-value.ts";

/** Positional arguments of a call (starred ones included as they stand). */
function positionalArguments(module: ModuleDeclaration, call: number): readonly number[] {
  return childrenWithRole(module.tree, call, R.args);
}

export function callResultOf(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const func = childWithRole(module.tree, call, R.func);
  const name = nameOf(module.tree, func);
  const viewed = viewFunctions.get(name);
  if (viewed !== undefined) return viewOfArgument(evaluator, module, call, viewed);
  const { shape } = evaluator.valueOf(module, func);
  return name === "__new__" && shape.kind !== "function" ? newResult(evaluator, module, call) : resultOfCallee(evaluator, module, call, shape);
}

function resultOfCallee(evaluator: Evaluator, module: ModuleDeclaration, call: number, shape: Shape): StaticValue {
  switch (shape.kind) {
    case "class":
      return { shape: { kind: "instance", of: shape.of }, fresh: true };
    case "function":
      return returnValueOf(evaluator, shape.of);
    case "external":
      return resultOfExternal(evaluator, shape.name, module, call);
    case "instance": {
      const dunder = findMethod(evaluator, shape.of, "__call__").at(-1);
      return dunder ? returnValueOf(evaluator, dunder) : unknownValue;
    }
    case "module":
    case "container":
    case "tuple":
    case "super":
    case "unknown":
      return resultOfContainerMethod(evaluator, module, call);
  }
}

type ExternalResult = (evaluator: Evaluator, module: ModuleDeclaration, call: number) => StaticValue;

/** Callables whose result depends on their arguments in a way of its own. */
const specialResults: ReadonlyMap<string, ExternalResult> = new Map<string, ExternalResult>([
  ["typing.cast", castResult],
  ["builtins.super", superResult],
  ["builtins.type", typeResult],
  ["builtins.vars", varsResult],
  ["builtins.getattr", getattrResult],
  ["copy.copy", copyResult],
  ["copy.deepcopy", copyResult],
]);

function resultOfExternal(evaluator: Evaluator, name: string, module: ModuleDeclaration, call: number): StaticValue {
  const special = specialResults.get(name);
  if (special) return special(evaluator, module, call);
  if (lazyAppliers.has(name)) return appliedResult(evaluator, name, module, call);
  const first = evaluator.valueOf(module, positionalArguments(module, call)[0] ?? -1);
  if (lazyWrappers.has(name)) return { shape: name === "builtins.enumerate" ? numbered(first) : first.shape, place: first.place, view: true, lazy: true };
  const kind = constructedKinds.get(name);
  if (!kind) return unknownValue;
  const keepsElements = kind === "list" && first.shape.kind === "container" && first.shape.container === "list";
  return { shape: containerShape(kind, keepsElements ? elementShape(first) : undefined), fresh: true, ...(keepsElements ? copyFrom(first) : {}) };
}

/** `filter(f, x)` passes the elements on, the others make new ones. */
function appliedResult(evaluator: Evaluator, name: string, module: ModuleDeclaration, call: number): StaticValue {
  const { shape, place } = evaluator.valueOf(module, positionalArguments(module, call)[1] ?? -1);
  return { shape: name === "builtins.filter" ? shape : containerShape("iterator"), place, view: true, lazy: true };
}

/** `enumerate(x)`: pairs of a number and an element. */
function numbered(value: StaticValue): Shape {
  const element = iterationOf(value);
  if (value.shape.kind !== "container" || element.shape.kind === "unknown") return value.shape;
  return { ...value.shape, element: { kind: "tuple", elements: [{ shape: containerShape("integer") }, element] } };
}

function castResult(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const [annotation, value] = positionalArguments(module, call);
  const inner = evaluator.valueOf(module, value ?? -1);
  const shape = shapeOfAnnotation(evaluator, module, annotation ?? -1);
  return shape.kind === "unknown" ? inner : { ...inner, shape };
}

/** `object.__new__(C)`, `super().__new__(cls)`, `self.__new__(C)`: whatever it is called on, unless the program defines it. */
function newResult(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const { shape } = evaluator.valueOf(module, positionalArguments(module, call)[0] ?? -1);
  return shape.kind === "class" ? { shape: { kind: "instance", of: shape.of }, fresh: true } : unknownValue;
}

function superResult(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const { owner } = evaluator.declarations.scopes.functionAround(module, call);
  return owner ? { shape: { kind: "super", of: owner } } : unknownValue;
}

function typeResult(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const { shape } = evaluator.valueOf(module, positionalArguments(module, call)[0] ?? -1);
  return shape.kind === "instance" ? { shape: { kind: "class", of: shape.of } } : unknownValue;
}

/** `vars(x)` is `x.__dict__`. */
function varsResult(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const object = evaluator.valueOf(module, positionalArguments(module, call)[0] ?? -1);
  return object.shape.kind === "instance" ? attributeOf(evaluator, object, "__dict__") : unknownValue;
}

/** `getattr(x, "n")` is `x.n` where it is known what x is; elsewhere the call asks because nobody knows. */
function getattrResult(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const named = namedAttributeOf(module.tree, call);
  if (named?.name === undefined) return unknownValue;
  const object = evaluator.valueOf(module, named.object);
  return object.shape.kind === "instance" || object.shape.kind === "class" || object.shape.kind === "module"
    ? attributeOf(evaluator, object, named.name)
    : unknownValue;
}

function copyResult(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const original = evaluator.valueOf(module, positionalArguments(module, call)[0] ?? -1);
  const callee = evaluator.valueOf(module, childWithRole(module.tree, call, R.func)).shape;
  const isShallow = callee.kind === "external" && callee.name === "copy.copy";
  return { shape: original.shape, fresh: true, ...(isShallow ? copyFrom(original) : {}) };
}

/** A new container with the elements of the one that was copied. */
function copyFrom({ place, copyOf }: StaticValue): Pick<StaticValue, "copyOf"> {
  return { copyOf: place ?? copyOf };
}

const itemsView = (base: StaticValue): StaticValue => ({ shape: containerShape("list", pairShape(base)), place: base.place, view: true });
const valuesView = (base: StaticValue): StaticValue => ({ shape: containerShape("list", elementShape(base)), place: base.place, view: true });
const keysView = (base: StaticValue): StaticValue => ({ shape: containerShape("list", keyShape(base)), place: base.place, view: true });

/** What a method of a built-in container gives, from the container it is called on. */
const methodResults: ReadonlyMap<string, (base: StaticValue) => StaticValue> = new Map<string, (base: StaticValue) => StaticValue>([
  ["items", itemsView],
  ["values", valuesView],
  ["keys", keysView],
  ["iteritems", itemsView],
  ["itervalues", valuesView],
  ["iterkeys", keysView],
  ["copy", (base) => ({ shape: base.shape, fresh: true })],
  ["get", elementValue],
  ["pop", elementValue],
  ["popleft", elementValue],
  ["setdefault", elementValue],
  ["popitem", elementValue],
]);

/** `d.items()`, `d.get(k)`, `l.pop()` on a value whose kind is known or that has a place. */
function resultOfContainerMethod(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const { tree } = module;
  const func = childWithRole(tree, call, R.func);
  const receiver = childWithRole(tree, func, R.value);
  if (receiver < 0) return unknownValue;
  return methodResults.get(nameOf(tree, func))?.(evaluator.valueOf(module, receiver)) ?? unknownValue;
}

function elementShape({ shape }: StaticValue): Shape | undefined {
  return shape.kind === "container" ? shape.element : undefined;
}

/** `six.iteritems(d)`: `d.items()`. */
function viewOfArgument(evaluator: Evaluator, module: ModuleDeclaration, call: number, method: string): StaticValue {
  return methodResults.get(method)?.(evaluator.valueOf(module, positionalArguments(module, call)[0] ?? -1)) ?? unknownValue;
}

function keyShape({ shape }: StaticValue): Shape | undefined {
  return shape.kind === "container" ? shape.key : undefined;
}

function elementValue(base: StaticValue): StaticValue {
  return { shape: elementShape(base) ?? unknownShape, place: base.place && { ...base.place, path: `${base.place.path}[]` } };
}

function pairShape(base: StaticValue): Shape {
  return { kind: "tuple", elements: [{ shape: keyShape(base) ?? unknownShape }, elementValue(base)] };
}
