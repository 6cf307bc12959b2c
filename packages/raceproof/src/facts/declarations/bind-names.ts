// Assignment targets in, bindings of names and attributes of `self` out. It looks at the target only, never at the value.
import { childrenOf, childWithRole, nameOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { addBinding, receiverNameOf } from "./declarations.ts";
import type { Binding, Bindings, ClassDeclaration, FunctionDeclaration, ModuleDeclaration } from "./declarations.ts";

/** Where a statement stands. */
export interface Scope {
  readonly fn: FunctionDeclaration;
  /** The class whose body directly holds the statement. */
  readonly cls: ClassDeclaration | undefined;
  readonly bindings: Bindings;
}

/** What a target gets; the path selects inside the value: [0] for `a` in `a, b = value`. */
export type BindingOf = (path: readonly number[]) => Binding;

export class Binder {
  private readonly module: ModuleDeclaration;
  private readonly tree: SyntaxTree;

  constructor(module: ModuleDeclaration) {
    this.module = module;
    this.tree = module.tree;
  }

  bindTarget(target: number, scope: Scope, binding: BindingOf, path: readonly number[] = []): void {
    switch (this.tree.kind[target]) {
      case K.Name:
        this.bindName(nameOf(this.tree, target), scope, binding(path));
        return;
      case K.Tuple:
      case K.List:
        childrenOf(this.tree, target).forEach((child, index) => this.bindTarget(child, scope, binding, [...path, index]));
        return;
      case K.Starred:
        for (const child of childrenOf(this.tree, target)) this.bindTarget(child, scope, () => ({ kind: "opaque" }));
        return;
      case K.Attribute: {
        const bound = binding(path);
        this.noteAttribute(target, scope, { value: bound.kind === "assign" && path.length === 0 ? bound.value : -1, annotation: -1 });
      }
    }
  }

  bindName(name: string, scope: Scope, binding: Binding): void {
    if (scope.fn.globals.has(name)) addBinding(this.module.bindings, name, binding);
    else if (scope.fn.nonlocals.has(name) && scope.fn.parent) addBinding(scope.fn.parent.bindings, name, binding);
    else addBinding(scope.bindings, name, binding);
  }

  /** `self.attr = value` and `self.__class__.attr = value` inside a method of the class, also from functions nested in it. */
  noteAttribute(target: number, scope: Scope, assigned: { readonly value: number; readonly annotation: number }): void {
    const { owner } = scope.fn;
    if (this.tree.kind[target] !== K.Attribute || !owner) return;
    const base = childWithRole(this.tree, target, R.value);
    const ofClass = this.tree.kind[base] === K.Attribute && nameOf(this.tree, base) === "__class__";
    const receiver = ofClass ? childWithRole(this.tree, base, R.value) : base;
    if (this.tree.kind[receiver] !== K.Name || !isReceiver(scope.fn, nameOf(this.tree, receiver))) return;
    const attribute = nameOf(this.tree, target);
    const assignment = { method: scope.fn, ofClass, ...assigned };
    const known = owner.attributes.get(attribute);
    if (known) known.push(assignment);
    else owner.attributes.set(attribute, [assignment]);
  }
}

/** The name stands for the instance: first parameter of the method around, or the object that `__new__` builds. */
function isReceiver(fn: FunctionDeclaration, name: string): boolean {
  let method: FunctionDeclaration | undefined = fn;
  while (method && receiverNameOf(method) === undefined) method = method.parent;
  if (!method) return false;
  return receiverNameOf(method) === name || (method.name === "__new__" && name === "self" && fn.bindings.has(name));
}
