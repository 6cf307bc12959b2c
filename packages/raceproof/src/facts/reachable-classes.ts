// Declarations and raw facts in, the classes whose instances a user of the library may hold out.
// A class leaves the set when the program makes its instances, keeps none of them anywhere and does not export it from a package:
// what is made and used inside functions belongs to one call. Misses: instances that only a returned value hands out.
import { childrenOf, childrenWithRole, childWithRole, PythonKind as K, PythonRole as R, stringValueOf } from "../sources/index.ts";
import { argumentMutators, containerMethods } from "../models/index.ts";
import { lineage } from "./class-hierarchy.ts";
import type { ClassDeclaration, Declarations, ModuleDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import type { KeptPart } from "./kept-parts.ts";
import type { RawAccess, RawFunction } from "./raw-facts.ts";
import { shortTextOf } from "./source-text.ts";
import type { Shape } from "./static-value.ts";

export function reachableClasses(
  evaluator: Evaluator,
  declarations: Declarations,
  functions: readonly RawFunction[],
  keptParts: readonly KeptPart[],
): ReadonlySet<ClassDeclaration> {
  const exported = exportedClasses(evaluator, declarations);
  const transient = exported.size > 0 ? constructedClasses(evaluator, functions) : new Set<ClassDeclaration>();
  const held = new Set([...exported, ...keptClasses(evaluator, declarations, functions)]);
  // Where a class is kept, its subclasses may be.
  for (const cls of transient) if (lineage(evaluator, cls).some((base) => held.has(base))) transient.delete(cls);
  const isTransient = (cls: ClassDeclaration): boolean => !held.has(cls) && lineage(evaluator, cls).some((base) => transient.has(base));
  const named = [...declarations.classes.values()].filter((cls) => cls.qualifiedName.split(".").every((part) => !part.startsWith("_")));
  const reachable = new Set(named.filter((cls) => !isTransient(cls)));
  for (let before = -1; before !== reachable.size;) {
    before = reachable.size;
    for (const { part, holder } of keptParts) if (reachable.has(holder)) reachable.add(part);
    for (const cls of reachable) for (const base of lineage(evaluator, cls)) reachable.add(base);
  }
  return reachable;
}

/** Imported or defined in a package's `__init__`, or named in a module's `__all__`. */
function exportedClasses(evaluator: Evaluator, declarations: Declarations): Set<ClassDeclaration> {
  const exported = new Set<ClassDeclaration>();
  for (const module of declarations.modules.values()) {
    const promised = namesInAll(module);
    for (const [name, bindings] of module.bindings) {
      if (!module.isPackage && !promised.has(name)) continue;
      for (const binding of bindings) {
        if (binding.kind === "class") exported.add(binding.declaration);
        if (binding.kind !== "import") continue;
        const { shape } = evaluator.valueOfImport(binding.module, binding.attribute);
        if (shape.kind === "class") exported.add(shape.of);
      }
    }
  }
  return exported;
}

function namesInAll(module: ModuleDeclaration): ReadonlySet<string | undefined> {
  const { tree } = module;
  const values = (module.bindings.get("__all__") ?? []).flatMap((binding) => (binding.kind === "assign" ? childrenOf(tree, binding.value) : []));
  return new Set(values.map((value) => stringValueOf(tree, value)));
}

function constructedClasses(evaluator: Evaluator, functions: readonly RawFunction[]): Set<ClassDeclaration> {
  const constructed = new Set<ClassDeclaration>();
  for (const { declaration, calls } of functions) {
    for (const { node } of calls) {
      const value = evaluator.valueOf(declaration.module, node);
      if (value.fresh === true && value.shape.kind === "instance") constructed.add(value.shape.of);
    }
  }
  return constructed;
}

/** Instances stored in globals, class bodies, attributes of other objects, and containers that have a place. */
function keptClasses(evaluator: Evaluator, declarations: Declarations, functions: readonly RawFunction[]): Set<ClassDeclaration> {
  const kept = new Set<ClassDeclaration>();
  const keep = (shape: Shape): void => instancesIn(shape).forEach((cls) => kept.add(cls));
  for (const { declaration, accesses } of functions) {
    for (const access of accesses) keep(evaluator.valueOf(declaration.module, storedBy(declaration.module, access)).shape);
  }
  for (const cls of declarations.classes.values()) {
    for (const binding of [...cls.bindings.values()].flat()) if (binding.kind === "assign") keep(evaluator.valueOf(cls.module, binding.value).shape);
  }
  return kept;
}

/** The node of what an access puts somewhere, or -1. Attributes of `self` are left to the kept parts: their holder decides. */
function storedBy({ tree }: ModuleDeclaration, { node, usage, place, statement }: RawAccess): number {
  if (usage.kind === "call") return adds(usage.operation) ? (childrenWithRole(tree, usage.node, R.args).at(-1) ?? -1) : -1;
  const isAssignment = tree.kind[statement] === K.Assign || tree.kind[statement] === K.AnnAssign;
  const ofSelf = usage.operation === "=" && place.ownerKind === "instance" && /^self\.\w+$/.test(shortTextOf(tree, node));
  if (usage.kind !== "write" || !isAssignment || ofSelf) return -1;
  return childWithRole(tree, statement, R.value);
}

function adds(operation: string): boolean {
  return containerMethods.get(operation) === "adds" || argumentMutators.get(operation) === "adds";
}

function instancesIn(shape: Shape): ClassDeclaration[] {
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
