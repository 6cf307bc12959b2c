// A value and an attribute name in, the attribute's value and place out: class hierarchies, properties, modules, class objects.
// Misses: __getattr__, descriptors other than property, attributes set on instances from outside their class.
import { childWithRole, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import { shapeOfAnnotation } from "./annotations.ts";
import { functionAttributePlace } from "./captured-names.ts";
import { declaringClass, extendsExternal, findMethod, isInstanceAttribute, lineage } from "./class-hierarchy.ts";
import type { AttributeAssignment, Binding, ClassDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { mapWithin } from "./memos.ts";
import { managedAttribute } from "./managed-objects.ts";
import { returnValueOf } from "./return-values.ts";
import { containerShape, heldShape, joinValues, unknownShape, unknownValue } from "./static-value.ts";
import type { Place, Shape, StaticValue } from "./static-value.ts";

export function attributeOf(evaluator: Evaluator, base: StaticValue, name: string): StaticValue {
  const { shape } = base;
  switch (shape.kind) {
    case "instance":
      return attributeOfInstance(evaluator, base, shape.of, name);
    case "class":
      return attributeOfClass(evaluator, shape.of, name);
    case "super":
      return attributeOfSuper(evaluator, shape.of, name);
    case "module":
      return evaluator.valueOfGlobal(shape.of, name) ?? evaluator.valueOfImport(shape.of.name, name);
    case "external":
      return evaluator.valueOfImport(shape.name, name);
    case "function":
      return { shape: unknownShape, place: functionAttributePlace(shape.of, name) };
    case "tuple":
      return unknownValue;
    case "container":
    case "unknown":
      return attributeOfUnknown(evaluator, base, name);
  }
}

function attributeOfInstance(evaluator: Evaluator, base: StaticValue, cls: ClassDeclaration, name: string): StaticValue {
  if (name === "__class__") return { shape: { kind: "class", of: cls } };
  if (name === "__dict__") return { shape: containerShape("dict"), place: instancePlace(evaluator, cls, name) };
  const methods = findMethod(evaluator, cls, name);
  for (const method of methods) if (method.role === "property") return returnValueOf(evaluator, method);
  const method = methods[methods.length - 1];
  if (method && method.role !== "property-setter") return { shape: { kind: "function", of: method, receiver: base } };
  const memo = mapWithin(evaluator.memos.instanceAttributes, cls);
  const known = memo.get(name);
  if (known) return known;
  const { cuts } = evaluator;
  const below = narrowed(evaluator, base, cls, name);
  if (below) return below;
  const value = declaredAttribute(evaluator, cls, name);
  if (evaluator.cuts === cuts) memo.set(name, value);
  return value;
}

/**
 * The class does not have the attribute, a single hierarchy below it (or, for a protocol, anywhere) does: the code has made sure with
 * isinstance or hasattr, or an annotation said less than it could.
 */
function narrowed(evaluator: Evaluator, base: StaticValue, cls: ClassDeclaration, name: string): StaticValue | undefined {
  const only = declares(evaluator, cls, name) ? undefined : evaluator.onlyClassWith(name);
  if (!only || only === cls) return undefined;
  const below = lineage(evaluator, only).includes(cls);
  if (!below && !extendsExternal(evaluator, cls, "typing.Protocol")) return undefined;
  const value = attributeOfInstance(evaluator, { ...base, shape: { kind: "instance", of: only } }, only, name);
  return below || !value.place ? value : { ...value, place: { ...value.place, guessed: true } };
}

function declares(evaluator: Evaluator, cls: ClassDeclaration, name: string): boolean {
  return lineage(evaluator, cls).some((each) => each.attributes.has(name) || each.bindings.has(name));
}

function attributeOfClass(evaluator: Evaluator, cls: ClassDeclaration, name: string): StaticValue {
  const method = findMethod(evaluator, cls, name).at(-1);
  if (method) return { shape: { kind: "function", of: method, receiver: { shape: { kind: "class", of: cls } } } };
  for (const each of lineage(evaluator, cls)) {
    const nested = each.bindings.get(name)?.find((binding) => binding.kind === "class");
    if (nested?.kind === "class") return { shape: { kind: "class", of: nested.declaration } };
  }
  const declared = declaredAttribute(evaluator, cls, name);
  return { shape: declared.shape, place: classPlace(evaluator, cls, name) };
}

function attributeOfSuper(evaluator: Evaluator, cls: ClassDeclaration, name: string): StaticValue {
  for (const each of lineage(evaluator, cls).slice(1)) {
    const method = each.methods.get(name)?.at(-1);
    if (method) return { shape: { kind: "function", of: method, receiver: { shape: { kind: "instance", of: cls } } } };
  }
  return { shape: { kind: "external", name: `super.${name}` } };
}

/** Attribute assigned on self somewhere in the hierarchy, or declared in a class body. */
function declaredAttribute(evaluator: Evaluator, cls: ClassDeclaration, name: string): StaticValue {
  const { declaredAttributes, openAttributes } = evaluator.memos;
  const isOpen = openAttributes.has(name);
  // What is found out meanwhile is replaced in the end.
  if (isOpen) evaluator.cuts++;
  const known = mapWithin(declaredAttributes, cls);
  const before = known.get(name);
  if (before) return before;
  openAttributes.add(name);
  const value = joinDeclared(evaluator, cls, name);
  known.set(name, value);
  if (!isOpen) openAttributes.delete(name);
  return value;
}

function joinDeclared(evaluator: Evaluator, cls: ClassDeclaration, name: string): StaticValue {
  const values: StaticValue[] = [];
  for (const each of lineage(evaluator, cls)) for (const shape of shapesDeclaredIn(evaluator, each, name)) values.push({ shape });
  if (isComputed(evaluator, cls, name)) return unknownValue;
  const onInstance = isInstanceAttribute(evaluator, cls, name);
  const place = onInstance ? instancePlace(evaluator, cls, name) : classPlace(evaluator, cls, name);
  return { shape: joinValues(values).shape, place };
}

/** `name = property(...)` or another descriptor in a class body: what is read there lives elsewhere (docs.python.org/3/howto/descriptor.html). */
function isComputed(evaluator: Evaluator, cls: ClassDeclaration, name: string): boolean {
  return lineage(evaluator, cls).some((each) =>
    (each.bindings.get(name) ?? []).some((binding) => binding.kind === "assign" && isDescriptor(evaluator, each.module, binding.value)),
  );
}

function isDescriptor(evaluator: Evaluator, module: ModuleDeclaration, node: number): boolean {
  const { shape } = evaluator.valueOf(module, node);
  if (shape.kind === "instance") return findMethod(evaluator, shape.of, "__get__").length > 0;
  if (shape.kind !== "unknown" || module.tree.kind[node] !== K.Call) return false;
  const callee = evaluator.valueOf(module, childWithRole(module.tree, node, R.func)).shape;
  return callee.kind === "external" && callee.name === "builtins.property";
}

/** Annotations first: they say more than `None` or `[]`. */
function shapesDeclaredIn(evaluator: Evaluator, cls: ClassDeclaration, name: string): Shape[] {
  const assignments = cls.attributes.get(name) ?? noAssignments;
  const shapes: Shape[] = [];
  for (const { annotation } of assignments) if (annotation >= 0) shapes.push(shapeOfAnnotation(evaluator, cls.module, annotation));
  for (const binding of cls.bindings.get(name) ?? noBindings) {
    if (binding.kind === "annotation") shapes.push(shapeOfAnnotation(evaluator, cls.module, binding.annotation));
    else if (binding.kind === "assign") shapes.push(heldShape(evaluator.valueOf(cls.module, binding.value)));
  }
  for (const { method, value } of assignments) if (value >= 0) shapes.push(heldShape(evaluator.valueOf(method.module, value)));
  return shapes;
}

const noAssignments: readonly AttributeAssignment[] = [];
const noBindings: readonly Binding[] = [];

function instancePlace(evaluator: Evaluator, cls: ClassDeclaration, name: string): Place {
  return { ownerKind: "instance", owner: declaringClass(evaluator, cls, name).key, path: name, ownerName: cls.qualifiedName, guessed: false };
}

function classPlace(evaluator: Evaluator, cls: ClassDeclaration, name: string): Place {
  const owner = declaringClass(evaluator, cls, name);
  return { ownerKind: "class", owner: owner.key, path: name, ownerName: owner.qualifiedName, guessed: false };
}

/** The object's class is unknown: extend the place it came from, or take the only class that has such an attribute. */
function attributeOfUnknown(evaluator: Evaluator, base: StaticValue, name: string): StaticValue {
  if (base.place && base.shape.kind === "container" && base.shape.container === "thread-local") {
    return { shape: unknownShape, place: { ...base.place, path: `${base.place.path}.${name}`, confined: true } };
  }
  if (base.shape.kind === "container" && (base.place || base.shape.container !== "none")) return unknownValue;
  const only = evaluator.onlyClassWith(name);
  if (only) {
    const guess = attributeOfInstance(evaluator, base, only, name);
    return guess.place ? { ...guess, place: { ...guess.place, guessed: true } } : guess;
  }
  if (!base.place) return unknownValue;
  const managed = managedAttribute(base, name);
  if (managed) return managed;
  return { shape: unknownShape, place: { ...base.place, path: `${base.place.path}.${name}` } };
}
