// An expression that denotes a location in, how the code around it uses that location out.
// Sees through views (d.items()) and lazy wrappers (enumerate(d)); sees one expression at a time.
import {
  childrenWithRole,
  childWithRole,
  ExpressionContext,
  nameOf,
  parentOf,
  PythonKind as K,
  PythonOperator,
  PythonRole as R,
  textOf,
} from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { argumentMutators, containerMethods, consumers, iteratorAdvancers, lazyAppliers, lazyWrappers, viewFunctions } from "../../models/index.ts";
import type { AccessKind } from "../../vocabulary/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";

export interface Usage {
  readonly kind: AccessKind;
  readonly operation: string;
  /** Key, index or tested element (node id), -1 when there is none. */
  readonly key: number;
  /** Node whose span the access has. */
  readonly node: number;
  /** Works on the elements of the container rather than on the name or attribute itself. */
  readonly onContainer: boolean;
}

const readUsage = (node: number): Usage => ({ kind: "read", operation: "read", key: -1, node, onContainer: false });

const truthUsage = (node: number): Usage => ({ kind: "check", operation: "truth", key: -1, node, onContainer: false });
const iterationUsage = (node: number): Usage => ({ kind: "iterate", operation: "for", key: -1, node, onContainer: true });

/** `undefined`: the expression is only a step of a longer path that is reported itself. */
export function usageOf(evaluator: Evaluator, module: ModuleDeclaration, node: number): Usage | undefined {
  const { tree } = module;
  return storeUsage(tree, node) ?? evaluator.descend(undefined, () => loadUsage(evaluator, module, node));
}

function loadUsage(evaluator: Evaluator, module: ModuleDeclaration, node: number): Usage | undefined {
  const { tree } = module;
  const parent = parentOf(tree, node);
  const role = tree.role[node] as number;
  switch (tree.kind[parent]) {
    case K.Attribute:
      return attributeUsage(evaluator, module, node, parent);
    case K.Subscript:
      return role === R.value ? elementUsage(tree, parent) : readUsage(node);
    case K.Call:
      return role === R.args ? argumentUsage(evaluator, module, node, parent) : readUsage(node);
    case K.Compare:
      return compareUsage(tree, node, parent);
    default:
      if (isIterated(tree, parent, role)) return iterationUsage(node);
      return isTested(tree, parent, role) ? truthUsage(node) : readUsage(node);
  }
}

function isIterated(tree: SyntaxTree, parent: number, role: number): boolean {
  return tree.kind[parent] === K.YieldFrom || role === R.iter;
}

function isTested(tree: SyntaxTree, parent: number, role: number): boolean {
  if (tree.kind[parent] === K.UnaryOp) return tree.detail[parent] === PythonOperator.Not;
  return tree.kind[parent] === K.BoolOp || role === R.test || role === R.ifs;
}

function storeUsage(tree: SyntaxTree, node: number): Usage | undefined {
  const parent = parentOf(tree, node);
  switch (tree.detail[node]) {
    case ExpressionContext.Store:
      if (tree.kind[parent] === K.AugAssign) return { kind: "update", operation: augmentedOperator(tree, parent), key: -1, node, onContainer: false };
      return { kind: "write", operation: "=", key: -1, node, onContainer: false };
    case ExpressionContext.Del:
      return { kind: "write", operation: "del", key: -1, node, onContainer: false };
    default:
      return undefined;
  }
}

const bitwise: ReadonlySet<number> = new Set([PythonOperator.BitAnd, PythonOperator.BitOr, PythonOperator.BitXor]);

function augmentedOperator(tree: SyntaxTree, statement: number): string {
  return bitwise.has(tree.detail[statement] as number) ? "|=" : "+=";
}

function elementUsage(tree: SyntaxTree, subscript: number): Usage {
  const key = childWithRole(tree, subscript, R.slice);
  const parent = parentOf(tree, subscript);
  const slice = tree.kind[key] === K.Slice;
  switch (tree.detail[subscript]) {
    case ExpressionContext.Store:
      if (tree.kind[parent] === K.AugAssign) return { kind: "update", operation: augmentedOperator(tree, parent), key, node: subscript, onContainer: true };
      return { kind: "write", operation: slice ? "[:]=" : "[]=", key, node: subscript, onContainer: true };
    case ExpressionContext.Del:
      return { kind: "write", operation: slice ? "del[:]" : "del[]", key, node: subscript, onContainer: true };
    default:
      return { kind: "read", operation: slice ? "[:]" : "[]", key, node: subscript, onContainer: true };
  }
}

/** `L.method(...)`, `L.items()` and what is done with its result, or a step of a longer attribute path. */
function attributeUsage(evaluator: Evaluator, module: ModuleDeclaration, node: number, attribute: number): Usage | undefined {
  const { tree } = module;
  const call = parentOf(tree, attribute);
  if (tree.kind[call] !== K.Call || tree.role[attribute] !== R.func) return readUsage(node);
  const method = nameOf(tree, attribute);
  const effect = containerMethods.get(method);
  const key = childWithRole(tree, call, R.args);
  if (effect === undefined)
    return iteratorAdvancers.has(method) ? { kind: "call", operation: method, key: -1, node: call, onContainer: true } : readUsage(node);
  if (effect === "iterates") return viewUsage(evaluator, module, call, method);
  return { kind: "call", operation: method, key, node: call, onContainer: true };
}

/** A live view: what is done with it is done with the container. */
function viewUsage(evaluator: Evaluator, module: ModuleDeclaration, call: number, method: string): Usage {
  const outer = usageOf(evaluator, module, call);
  if (outer && (outer.kind === "iterate" || outer.kind === "call" || outer.kind === "check")) return { ...outer, onContainer: true };
  return { kind: "call", operation: method, key: -1, node: call, onContainer: true };
}

function argumentUsage(evaluator: Evaluator, module: ModuleDeclaration, node: number, call: number): Usage {
  const { tree } = module;
  const func = childWithRole(tree, call, R.func);
  const viewed = viewFunctions.get(nameOf(tree, func));
  if (viewed !== undefined) return viewUsage(evaluator, module, call, viewed);
  const { shape } = evaluator.valueOf(module, func);
  if (shape.kind !== "external") return readUsage(node);
  return usageByFunction(evaluator, module, { node, call, name: shape.name });
}

interface Argument {
  readonly node: number;
  readonly call: number;
  /** Of the function that is called. */
  readonly name: string;
}

function usageByFunction(evaluator: Evaluator, module: ModuleDeclaration, { node, call, name }: Argument): Usage {
  if (comparers.has(name) && childrenWithRole(module.tree, call, R.args).length > 1) return readUsage(node);
  if (name === "builtins.iter" && isNextOf(evaluator, module, call)) {
    return { kind: "iterate", operation: "next-iter", key: -1, node: call, onContainer: true };
  }
  if (name === "builtins.len" || name === "builtins.bool") return { kind: "check", operation: "len", key: -1, node: call, onContainer: true };
  if (lazyWrappers.has(name) || lazyAppliers.has(name)) {
    const outer = usageOf(evaluator, module, call);
    return outer && outer.kind === "iterate" ? outer : { kind: "call", operation: name, key: -1, node: call, onContainer: true };
  }
  return worksOnArgument(name) ? { kind: "call", operation: name, key: -1, node: call, onContainer: true } : readUsage(node);
}

/** A call of the program's own function that gives a live view of a container, iterated or consumed here. */
export function givesView(evaluator: Evaluator, module: ModuleDeclaration, call: number): boolean {
  const role = module.tree.role[call];
  if (role !== R.iter && role !== R.args) return false;
  if (evaluator.valueOf(module, call).view !== true) return false;
  return evaluator.valueOf(module, childWithRole(module.tree, call, R.func)).shape.kind === "function";
}

/** With several arguments they compare these, with one its elements. */
const comparers: ReadonlySet<string> = new Set(["builtins.max", "builtins.min"]);

function worksOnArgument(name: string): boolean {
  return argumentMutators.has(name) || consumers.has(name) || iteratorAdvancers.has(name);
}

function isNextOf(evaluator: Evaluator, module: ModuleDeclaration, call: number): boolean {
  const parent = parentOf(module.tree, call);
  if (module.tree.kind[parent] !== K.Call) return false;
  const { shape } = evaluator.valueOf(module, childWithRole(module.tree, parent, R.func));
  return shape.kind === "external" && shape.name === "builtins.next";
}

function compareUsage(tree: SyntaxTree, node: number, compare: number): Usage {
  const left = childWithRole(tree, compare, R.left);
  const operator = childWithRole(tree, compare, R.ops);
  const right = childWithRole(tree, compare, R.comparators);
  switch (tree.detail[operator]) {
    case PythonOperator.In:
    case PythonOperator.NotIn:
      return node === right ? { kind: "check", operation: "in", key: left, node, onContainer: true } : readUsage(node);
    case PythonOperator.Is:
    case PythonOperator.IsNot:
    case PythonOperator.Eq:
    case PythonOperator.NotEq: {
      const other = node === left ? right : left;
      if (!isConstant(tree, other)) return readUsage(node);
      if (textOf(tree, other) !== "None") return { kind: "read", operation: "==", key: other, node, onContainer: false };
      return node === left ? { kind: "check", operation: "is-none", key: -1, node, onContainer: false } : readUsage(node);
    }
    default:
      return readUsage(node);
  }
}

/** A literal, with its sign. */
function isConstant(tree: SyntaxTree, node: number): boolean {
  const value = tree.kind[node] === K.UnaryOp ? childWithRole(tree, node, R.operand) : node;
  return tree.kind[value] === K.Constant;
}
