// A function's accesses and calls in, the classes whose instances it makes or stores out: tells what belongs to one call.
// Attributes of `self` are left to the kept parts of the class: who holds the object decides.
import { childrenWithRole, childWithRole, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import { argumentMutators, containerMethods } from "../../models/index.ts";
import type { ClassDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import { shortTextOf } from "../declarations/source-text.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { Shape } from "../evaluation/static-value.ts";
import type { RawAccess, RawFunction } from "./raw-facts.ts";

export function constructedClasses(evaluator: Evaluator, { declaration, calls }: RawFunction): string[] {
  const constructed = new Set<string>();
  for (const { node } of calls) {
    const value = evaluator.valueOf(declaration.module, node);
    if (value.fresh === true && value.shape.kind === "instance") constructed.add(value.shape.of.key);
  }
  return [...constructed];
}

/** Instances stored in globals, attributes of other objects, and containers that have a place. */
export function keptClasses(evaluator: Evaluator, { declaration, accesses }: RawFunction): string[] {
  const kept = new Set<string>();
  for (const access of accesses) {
    const stored = storedBy(declaration.module, access);
    if (stored >= 0) for (const cls of instancesIn(evaluator.valueOf(declaration.module, stored).shape)) kept.add(cls.key);
  }
  return [...kept];
}

/** The node of what an access puts somewhere, or -1. */
function storedBy({ tree }: ModuleDeclaration, { node, usage, place, statement }: RawAccess): number {
  if (usage.kind === "call") return adds(usage.operation) ? (childrenWithRole(tree, usage.node, R.args).at(-1) ?? -1) : -1;
  if (usage.kind !== "write" || (tree.kind[statement] !== K.Assign && tree.kind[statement] !== K.AnnAssign)) return -1;
  const ofSelf = usage.operation === "=" && place.ownerKind === "instance" && /^self\.\w+$/.test(shortTextOf(tree, node));
  return ofSelf ? -1 : childWithRole(tree, statement, R.value);
}

function adds(operation: string): boolean {
  return containerMethods.get(operation) === "adds" || argumentMutators.get(operation) === "adds";
}

/** Classes of the instances a value is or holds. */
export function instancesIn(shape: Shape): ClassDeclaration[] {
  switch (shape.kind) {
    case "instance":
      return [shape.of];
    case "tuple":
      return shape.elements.flatMap((element) => instancesIn(element.shape));
    case "container":
      return shape.element ? instancesIn(shape.element) : [];
    default:
      return [];
  }
}
