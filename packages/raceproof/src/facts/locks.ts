// An expression in, the identity of the lock it denotes out (or undefined): by kind, by class shape, by name as a last resort.
// Misses: locks reached through containers of locks (all elements are one lock), lock wrappers without acquire or __enter__.
// Over-reports: an unknown object whose name says "lock" is taken for one.
import { childWithRole, nameOf, PythonKind as K, PythonRole as R, textOf } from "../sources/index.ts";
import { findMethod } from "./attribute-lookup.ts";
import type { ModuleDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Place } from "./static-value.ts";

const lockName = /(^|_)(r?lock|mutex|semaphore|cond(ition)?|critical)(_|$)|lock$/i;

export function displayOfPlace(place: Place): string {
  return place.ownerName ? `${place.ownerName}.${place.path}` : place.path;
}

export function lockOf(evaluator: Evaluator, module: ModuleDeclaration, node: number): string | undefined {
  const { tree } = module;
  const value = evaluator.valueOf(module, node);
  const { shape } = value;
  if (shape.kind === "container" && shape.container === "lock") {
    // A lock created in the with statement itself protects nothing: nobody else can hold it.
    return value.fresh && !value.place ? undefined : value.place ? displayOfPlace(value.place) : textOf(tree, node);
  }
  if (shape.kind === "instance") {
    const isLock = ["acquire", "release"].every((name) => findMethod(evaluator, shape.of, name).length > 0);
    return isLock && value.place ? displayOfPlace(value.place) : undefined;
  }
  if (shape.kind !== "unknown") return undefined;
  const callee = tree.kind[node] === K.Call ? childWithRole(tree, node, R.func) : node;
  if (tree.kind[callee] !== K.Attribute && tree.kind[callee] !== K.Name) return undefined;
  if (!lockName.test(nameOf(tree, callee))) return undefined;
  return value.place ? displayOfPlace(value.place) : textOf(tree, node);
}
