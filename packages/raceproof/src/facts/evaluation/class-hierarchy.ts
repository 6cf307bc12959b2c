// A class of the program in, the class and its bases inside the program out; methods and declaring classes found along them.
// C3 is approximated by depth-first order. Misses: bases that are computed, beyond the classes the evaluator can name.
import { childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import type { ClassDeclaration, FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Shape } from "./static-value.ts";

/** No real hierarchy comes near; a generated one must not cost its square. */
const mostClasses = 100;

/** The class and its bases inside the program, nearest first, each once. */
export function lineage(evaluator: Evaluator, cls: ClassDeclaration): readonly ClassDeclaration[] {
  const { lineages, openLineages } = evaluator.memos;
  const known = lineages.get(cls);
  if (known) {
    if (openLineages.size > 0 && openLineages.has(cls)) evaluator.cuts++;
    return known;
  }
  // A base expression that needs the hierarchy of this very class sees the class alone.
  lineages.set(cls, [cls]);
  openLineages.add(cls);
  const found = new Set<ClassDeclaration>();
  const waiting = [cls];
  for (let next = waiting.pop(); next && found.size < mostClasses; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...basesOf(evaluator, next).reverse());
  }
  const classes = [...found];
  lineages.set(cls, classes);
  openLineages.delete(cls);
  return classes;
}

function basesOf(evaluator: Evaluator, cls: ClassDeclaration): ClassDeclaration[] {
  return baseShapesOf(evaluator, cls).flatMap((shape) => (shape.kind === "class" ? [shape.of] : []));
}

/** What the base expressions name, without their type arguments: `Mapping[str, int]` is `Mapping`. */
export function baseShapesOf(evaluator: Evaluator, cls: ClassDeclaration): Shape[] {
  const { tree } = cls.module;
  return cls.bases.map((base) => {
    const named = tree.kind[base] === K.Subscript ? childWithRole(tree, base, R.value) : base;
    return evaluator.valueOf(cls.module, named).shape;
  });
}

/** Every definition of a method's name in the nearest class that has one. */
export function findMethod(evaluator: Evaluator, cls: ClassDeclaration, name: string): readonly FunctionDeclaration[] {
  for (const each of lineage(evaluator, cls)) {
    const methods = each.methods.get(name);
    if (methods) return methods;
  }
  return noMethods;
}

const noMethods: readonly FunctionDeclaration[] = [];

/** Root-most class that declares the attribute: one key for the whole hierarchy. */
export function declaringClass(evaluator: Evaluator, cls: ClassDeclaration, name: string): ClassDeclaration {
  const classes = lineage(evaluator, cls);
  return classes.findLast((each) => each.attributes.has(name) || each.bindings.has(name)) ?? classes.at(-1) ?? cls;
}

/** Assigned through an instance anywhere, or declared nowhere (then the instance is the best guess). */
export function isInstanceAttribute(evaluator: Evaluator, cls: ClassDeclaration, name: string): boolean {
  const classes = lineage(evaluator, cls);
  if (classes.some((each) => isField(each, name))) return true;
  let isAssigned = false;
  for (const each of classes) {
    for (const { method, ofClass } of each.attributes.get(name) ?? []) {
      if (!ofClass && !isOfClassMethod(method)) return true;
      isAssigned = true;
    }
  }
  if (isAssigned) return false;
  return !classes.some((each) => (each.bindings.get(name) ?? []).some((binding) => binding.kind === "assign"));
}

/** `cls.x = ...` in a class method makes an attribute of the class; what `__new__` fills is an instance. */
function isOfClassMethod(fn: FunctionDeclaration): boolean {
  return (fn.role === "class-method" && fn.name !== "__new__") || (fn.role === "nested" && fn.parent !== undefined && isOfClassMethod(fn.parent));
}

/** The class or one of its bases inside the program extends a class outside it with this fully qualified name. */
export function extendsExternal(evaluator: Evaluator, cls: ClassDeclaration, name: string): boolean {
  return externalBasesOf(evaluator, cls).has(name);
}

function externalBasesOf(evaluator: Evaluator, cls: ClassDeclaration): ReadonlySet<string> {
  const { externalBases } = evaluator.memos;
  const known = externalBases.get(cls);
  if (known) return known;
  const { cuts } = evaluator;
  const names = new Set<string>();
  for (const each of lineage(evaluator, cls)) {
    for (const shape of baseShapesOf(evaluator, each)) if (shape.kind === "external") names.add(shape.name);
  }
  if (evaluator.cuts === cuts) externalBases.set(cls, names);
  return names;
}

const fieldMakers: ReadonlySet<string> = new Set(["field", "ib", "attrib", "Field"]);

/**
 * `name: type = default` in a class whose decorator makes fields of annotated names (docs.python.org/3/library/dataclasses.html, attrs),
 * or `name = field(...)`: every instance gets its own.
 */
function isField({ module: { tree }, node, bindings }: ClassDeclaration, name: string): boolean {
  const own = bindings.get(name) ?? [];
  const assigned = own.find((binding) => binding.kind === "assign");
  if (assigned?.kind !== "assign") return false;
  if (tree.kind[assigned.value] === K.Call && fieldMakers.has(nameOf(tree, childWithRole(tree, assigned.value, R.func)))) return true;
  const annotation = own.find((binding) => binding.kind === "annotation");
  if (annotation?.kind !== "annotation" || textOf(tree, annotation.annotation).includes("ClassVar")) return false;
  return childrenWithRole(tree, node, R.decorator_list).some((decorator) =>
    /(^|\.)(dataclass|attrs|s|define|frozen|mutable|dataclass_transform)\b/.test(textOf(tree, decorator)),
  );
}
