// A value and an attribute name in, the attribute's value and place out: class hierarchies, properties, modules, class objects.
// Misses: __getattr__, descriptors other than property, attributes set on instances from outside their class.
import { childrenWithRole, PythonRole as R } from "../sources/index.ts";
import type { ClassDeclaration, FunctionDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { joinValues, unknownShape, unknownValue } from "./static-value.ts";
import type { Place, StaticValue } from "./static-value.ts";

/** The class and its bases inside the program, nearest first, each once. */
export function lineage(evaluator: Evaluator, cls: ClassDeclaration, seen: Set<ClassDeclaration> = new Set()): ClassDeclaration[] {
  if (seen.has(cls)) return [];
  seen.add(cls);
  const out = [cls];
  for (const base of cls.bases) {
    const { shape } = evaluator.valueOf(cls.module, base);
    if (shape.kind === "class") out.push(...lineage(evaluator, shape.of, seen));
  }
  return out;
}

export function findMethod(evaluator: Evaluator, cls: ClassDeclaration, name: string): readonly FunctionDeclaration[] {
  for (const each of lineage(evaluator, cls)) {
    const methods = each.methods.get(name);
    if (methods) return methods;
  }
  return [];
}

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
    case "tuple":
      return unknownValue;
    case "container":
    case "unknown":
      return attributeOfUnknown(evaluator, base, name);
  }
}

function attributeOfInstance(evaluator: Evaluator, base: StaticValue, cls: ClassDeclaration, name: string): StaticValue {
  if (name === "__class__") return { shape: { kind: "class", of: cls } };
  const methods = findMethod(evaluator, cls, name);
  const getter = methods.find((method) => method.role === "property");
  if (getter) return returnValueOf(evaluator, getter);
  const method = methods.at(-1);
  if (method && method.role !== "property-setter") return { shape: { kind: "function", of: method, receiver: base } };
  return declaredAttribute(evaluator, cls, name);
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
  const values: StaticValue[] = [];
  for (const each of lineage(evaluator, cls)) {
    for (const { annotation } of each.attributes.get(name) ?? []) {
      if (annotation >= 0) values.push({ shape: evaluator.shapeOfAnnotation(each.module, annotation) });
    }
    for (const binding of each.bindings.get(name) ?? []) {
      if (binding.kind === "annotation") values.push({ shape: evaluator.shapeOfAnnotation(each.module, binding.annotation) });
      if (binding.kind === "assign") values.push({ shape: evaluator.valueOf(each.module, binding.value).shape });
    }
    for (const { method, value } of each.attributes.get(name) ?? []) {
      if (value >= 0) values.push({ shape: evaluator.valueOf(method.module, value).shape });
    }
  }
  const onInstance = isInstanceAttribute(evaluator, cls, name);
  const place = onInstance ? instancePlace(evaluator, cls, name, false) : classPlace(evaluator, cls, name);
  return { shape: joinValues(values).shape, place };
}

/** Assigned through self anywhere, or declared nowhere (then the instance is the best guess). */
function isInstanceAttribute(evaluator: Evaluator, cls: ClassDeclaration, name: string): boolean {
  const classes = lineage(evaluator, cls);
  if (classes.some((each) => each.attributes.has(name))) return true;
  return !classes.some((each) => (each.bindings.get(name) ?? []).some((binding) => binding.kind === "assign"));
}

/** Root-most class that declares the attribute: one key for the whole hierarchy. */
function declaringClass(evaluator: Evaluator, cls: ClassDeclaration, name: string): ClassDeclaration {
  const classes = lineage(evaluator, cls);
  return classes.findLast((each) => each.attributes.has(name) || each.bindings.has(name)) ?? classes.at(-1) ?? cls;
}

export function instancePlace(evaluator: Evaluator, cls: ClassDeclaration, name: string, guessed: boolean): Place {
  return { ownerKind: "instance", owner: declaringClass(evaluator, cls, name).key, path: name, ownerName: cls.qualifiedName, guessed };
}

export function classPlace(evaluator: Evaluator, cls: ClassDeclaration, name: string): Place {
  const owner = declaringClass(evaluator, cls, name);
  return { ownerKind: "class", owner: owner.key, path: name, ownerName: owner.qualifiedName, guessed: false };
}

/** The object's class is unknown: extend the place it came from, or take the only class that has such an attribute. */
function attributeOfUnknown(evaluator: Evaluator, base: StaticValue, name: string): StaticValue {
  if (base.place && base.shape.kind === "container") return unknownValue;
  const only = onlyClassWith(evaluator, name);
  if (only) {
    const guess = attributeOfInstance(evaluator, base, only, name);
    return guess.place ? { ...guess, place: { ...guess.place, guessed: true } } : guess;
  }
  if (!base.place) return unknownValue;
  return { shape: unknownShape, place: { ...base.place, path: `${base.place.path}.${name}` } };
}

const onlyClassMemo = new WeakMap<Evaluator, Map<string, ClassDeclaration | undefined>>();

/** The single class (hierarchy root) of the program whose instances have this attribute or method. */
function onlyClassWith(evaluator: Evaluator, name: string): ClassDeclaration | undefined {
  let index = onlyClassMemo.get(evaluator);
  if (!index) {
    index = new Map();
    for (const cls of evaluator.declarations.classes.values()) {
      for (const attribute of new Set([...cls.attributes.keys(), ...cls.methods.keys()])) {
        index.set(attribute, index.has(attribute) ? undefined : cls);
      }
    }
    onlyClassMemo.set(evaluator, index);
  }
  // Dunder and very short names are too common to identify a class.
  return name.length < 3 || name.startsWith("__") ? undefined : index.get(name);
}

/** What a call of a function gives: its return expressions, else its return annotation. */
export function returnValueOf(evaluator: Evaluator, fn: FunctionDeclaration): StaticValue {
  const annotation = childrenWithRole(fn.module.tree, fn.node, R.returns)[0] ?? -1;
  const annotated: StaticValue = { shape: evaluator.shapeOfAnnotation(fn.module, annotation) };
  if (fn.yields.length > 0) return annotated;
  const returned = joinValues(fn.returns.filter((node) => node >= 0).map((node) => evaluator.valueOf(fn.module, node)));
  // The annotation names the shape, the body names the place.
  return { ...returned, shape: annotated.shape.kind === "unknown" ? returned.shape : annotated.shape };
}
