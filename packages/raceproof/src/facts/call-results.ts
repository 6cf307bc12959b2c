// A call node in, the value it returns out: constructors, functions of the program, builtins, container methods.
import { childrenWithRole, childWithRole, nameOf, PythonRole as R } from "../sources/index.ts";
import { constructedKinds, lazyWrappers } from "../models/index.ts";
import { findMethod, returnValueOf } from "./attribute-lookup.ts";
import { functionAround } from "./collect-declarations.ts";
import type { ModuleDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { containerShape, unknownShape, unknownValue } from "./static-value.ts";
import type { Shape, StaticValue } from "./static-value.ts";

/** Positional arguments of a call (starred ones included as they stand). */
export function positionalArguments(module: ModuleDeclaration, call: number): number[] {
  return childrenWithRole(module.tree, call, R.args);
}

export function callResultOf(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const callee = evaluator.valueOf(module, childWithRole(module.tree, call, R.func));
  const { shape } = callee;
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

function resultOfExternal(evaluator: Evaluator, name: string, module: ModuleDeclaration, call: number): StaticValue {
  const [first, second] = positionalArguments(module, call);
  switch (name) {
    case "typing.cast":
      return castTo(evaluator, module, first ?? -1, second ?? -1);
    case "builtins.super":
      return superOf(evaluator, module, call);
    case "builtins.type": {
      const { shape } = evaluator.valueOf(module, first ?? -1);
      return shape.kind === "instance" ? { shape: { kind: "class", of: shape.of } } : unknownValue;
    }
    case "builtins.getattr":
    case "copy.copy":
    case "copy.deepcopy":
      return unknownValue;
  }
  if (lazyWrappers.has(name)) {
    const inner = evaluator.valueOf(module, first ?? -1);
    return { shape: inner.shape, place: inner.place, view: true };
  }
  const kind = constructedKinds.get(name);
  if (!kind) return unknownValue;
  const inner = first === undefined ? unknownShape : evaluator.valueOf(module, first).shape;
  const element = inner.kind === "container" && kind === "list" && inner.container === "list" ? inner.element : undefined;
  return { shape: containerShape(kind, element), fresh: true };
}

function castTo(evaluator: Evaluator, module: ModuleDeclaration, annotation: number, value: number): StaticValue {
  const inner = evaluator.valueOf(module, value);
  const shape = evaluator.shapeOfAnnotation(module, annotation);
  return shape.kind === "unknown" ? inner : { ...inner, shape };
}

function superOf(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const owner = functionAround(evaluator.declarations, module, call).owner;
  return owner ? { shape: { kind: "super", of: owner } } : unknownValue;
}

/** `d.items()`, `d.get(k)`, `l.pop()` on a value whose kind is known or that has a place. */
function resultOfContainerMethod(evaluator: Evaluator, module: ModuleDeclaration, call: number): StaticValue {
  const { tree } = module;
  const func = childWithRole(tree, call, R.func);
  const receiver = childWithRole(tree, func, R.value);
  if (receiver < 0) return unknownValue;
  const base = evaluator.valueOf(module, receiver);
  const element = base.shape.kind === "container" ? base.shape.element : undefined;
  switch (nameOf(tree, func)) {
    case "items": {
      const key = base.shape.kind === "container" ? base.shape.key : undefined;
      const pair: Shape = { kind: "tuple", elements: [{ shape: key ?? unknownShape }, elementValue(base, element)] };
      return { shape: containerShape("list", pair), place: base.place, view: true };
    }
    case "values":
      return { shape: containerShape("list", element), place: base.place, view: true };
    case "keys":
      return { shape: containerShape("list", base.shape.kind === "container" ? base.shape.key : undefined), place: base.place, view: true };
    case "get":
    case "pop":
    case "popleft":
    case "setdefault":
    case "popitem":
      return elementValue(base, element);
    case "copy":
      return { shape: base.shape, fresh: true };
    default:
      return unknownValue;
  }
}

function elementValue(base: StaticValue, element: Shape | undefined): StaticValue {
  return { shape: element ?? unknownShape, place: base.place && { ...base.place, path: `${base.place.path}[]` } };
}
