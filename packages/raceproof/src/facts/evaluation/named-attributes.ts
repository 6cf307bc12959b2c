// A call of setattr, delattr, getattr or hasattr in (built-in, of `object` or of `super()`), the attribute it works on out. Looks at the call
// alone. Misses: names that are computed, but for what it changes: `setattr(x, n, getattr(x, n) + 1)`.
import { childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R, stringValueOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { shortTextOf } from "../declarations/source-text.ts";

export interface NamedAttribute {
  readonly kind: "read" | "write" | "check";
  readonly operation: "read" | "=" | "del" | "present";
  /** Expression of the object; -1 for `super()`, which stands for the receiver. */
  readonly object: number;
  /** Undefined when it is computed. */
  readonly name: string | undefined;
  /** What is stored, or -1. */
  readonly value: number;
  /** As it would be written with a dot: "self.x"; "getattr(self, name)" when the name is computed. */
  readonly text: string;
}

const operations: ReadonlyMap<string, NamedAttribute["operation"]> = new Map([
  ["getattr", "read"],
  ["setattr", "="],
  ["delattr", "del"],
  ["hasattr", "present"],
  ["__getattribute__", "read"],
  ["__setattr__", "="],
  ["__delattr__", "del"],
]);

const kinds = { read: "read", "=": "write", del: "write", present: "check" } as const;

export function namedAttributeOf(tree: SyntaxTree, call: number): NamedAttribute | undefined {
  const func = childWithRole(tree, call, R.func);
  const operation = operations.get(nameOf(tree, func));
  if (operation === undefined) return undefined;
  const [object = -1, name = -1, value = -1] = operandsOf(tree, func, childrenWithRole(tree, call, R.args));
  if (name < 0) return undefined;
  return { kind: kinds[operation], operation, object, ...nameIn(tree, object, name), value: operation === "=" ? value : -1 };
}

/** Object, name and value; nothing for the method of an object of which nothing is known. */
function operandsOf(tree: SyntaxTree, func: number, given: readonly number[]): readonly number[] {
  if (tree.kind[func] !== K.Attribute) return given;
  const holder = childWithRole(tree, func, R.value);
  if (isSuper(tree, holder)) return [-1, ...given];
  return isObject(tree, holder) ? given : [];
}

function nameIn(tree: SyntaxTree, object: number, node: number): Pick<NamedAttribute, "name" | "text"> {
  const holder = object < 0 ? "self" : shortTextOf(tree, object);
  const name = tree.kind[node] === K.Constant ? stringValueOf(tree, node) : undefined;
  return { name, text: name === undefined ? `getattr(${holder}, ${shortTextOf(tree, node)})` : `${holder}.${name}` };
}

function isObject(tree: SyntaxTree, node: number): boolean {
  return tree.kind[node] === K.Name && nameOf(tree, node) === "object";
}

function isSuper(tree: SyntaxTree, node: number): boolean {
  return tree.kind[node] === K.Call && nameOf(tree, childWithRole(tree, node, R.func)) === "super";
}

/** The path that an expression reads: `self.x`, also where it is written `getattr(self, "x")` or `self.__dict__["x"]`. */
export function pathTextOf(tree: SyntaxTree, node: number): string {
  const named = tree.kind[node] === K.Call ? namedAttributeOf(tree, node) : undefined;
  if (named?.kind === "read") return named.text;
  const text = shortTextOf(tree, node);
  return tree.kind[node] === K.Subscript ? text.replace(dictionaryEntry, ".$1") : text;
}

const dictionaryEntry = /\.__dict__\[["'](\w+)["']\]$/;
