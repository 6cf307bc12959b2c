// A node in, the functions of the program it may run out: calls, property reads and writes, operators with dunder methods.
// Misses: calls through variables holding functions chosen at run time, callbacks, metaclass __call__.
import { childWithRole, ExpressionContext, nameOf, parentOf, PythonKind as K, PythonOperator, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { findMethod } from "../evaluation/class-hierarchy.ts";
import type { ClassDeclaration, FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { shortTextOf } from "../declarations/source-text.ts";
import type { Shape } from "../evaluation/static-value.ts";

export interface CallTarget {
  readonly functions: readonly FunctionDeclaration[];
  readonly external: string | undefined;
  readonly text: string;
}

/** What the language calls at a node that is no call. */
export function hiddenCallsOf(evaluator: Evaluator, fn: FunctionDeclaration, node: number): readonly CallTarget[] {
  const { tree } = fn.module;
  switch (tree.kind[node]) {
    case K.Attribute:
      return accessorsOf(evaluator, fn, node);
    case K.Subscript:
      return subscriptDunders(evaluator, fn, node);
    case K.Name:
      return operatorDunders(evaluator, fn, node);
    default:
      return none;
  }
}

export function calleeOf(evaluator: Evaluator, fn: FunctionDeclaration, call: number): CallTarget {
  const func = childWithRole(fn.module.tree, call, R.func);
  const { shape } = evaluator.valueOf(fn.module, func);
  const external = shape.kind === "external" ? shape.name : undefined;
  return { functions: functionsOf(evaluator, shape), external, text: shortTextOf(fn.module.tree, func) };
}

function functionsOf(evaluator: Evaluator, shape: Shape): readonly FunctionDeclaration[] {
  switch (shape.kind) {
    case "function":
      return [shape.of];
    case "class":
      return constructorsOf(evaluator, shape.of);
    case "instance":
      return findMethod(evaluator, shape.of, "__call__").slice(-1);
    case "external":
    case "module":
    case "container":
    case "tuple":
    case "super":
    case "unknown":
      return none;
  }
}

function constructorsOf(evaluator: Evaluator, cls: ClassDeclaration): FunctionDeclaration[] {
  return ["__new__", "__init__"].flatMap((name) => findMethod(evaluator, cls, name).slice(-1));
}

function accessorsOf(evaluator: Evaluator, fn: FunctionDeclaration, node: number): readonly CallTarget[] {
  const { tree } = fn.module;
  const { shape } = evaluator.valueOf(fn.module, childWithRole(tree, node, R.value));
  const operators = operatorDunders(evaluator, fn, node);
  if (shape.kind !== "instance") return operators;
  const methods = findMethod(evaluator, shape.of, nameOf(tree, node));
  if (methods.length === 0) return operators;
  const role = tree.detail[node] === ExpressionContext.Load ? "property" : "property-setter";
  const both = tree.kind[parentOf(tree, node)] === K.AugAssign;
  const functions = methods.filter((method) => method.role === role || (both && method.role === "property"));
  return functions.length > 0 ? [{ functions, external: undefined, text: shortTextOf(tree, node) }, ...operators] : operators;
}

function subscriptDunders(evaluator: Evaluator, fn: FunctionDeclaration, node: number): readonly CallTarget[] {
  const { tree } = fn.module;
  const { shape } = evaluator.valueOf(fn.module, childWithRole(tree, node, R.value));
  if (shape.kind !== "instance") return none;
  const context = tree.detail[node];
  const name = context === ExpressionContext.Store ? "__setitem__" : context === ExpressionContext.Del ? "__delitem__" : "__getitem__";
  const names = tree.kind[parentOf(tree, node)] === K.AugAssign && name === "__setitem__" ? ["__getitem__", name] : [name];
  return dundersOf(evaluator, fn, { cls: shape.of, names, node });
}

/** `x in obj`, `for x in obj`, `len(obj)`, `with obj:` with an instance of the program. */
function operatorDunders(evaluator: Evaluator, fn: FunctionDeclaration, node: number): readonly CallTarget[] {
  const { tree } = fn.module;
  const names = dundersCalledOn(tree, node, parentOf(tree, node));
  if (names.length === 0) return none;
  const { shape } = evaluator.valueOf(fn.module, node);
  return shape.kind === "instance" ? dundersOf(evaluator, fn, { cls: shape.of, names, node }) : none;
}

const containing: readonly string[] = ["__contains__"];
const iterating: readonly string[] = ["__iter__"];
const entering: readonly string[] = ["__enter__", "__exit__"];
const measuring: readonly string[] = ["__len__"];
const none: readonly never[] = [];

function dundersCalledOn(tree: SyntaxTree, node: number, parent: number): readonly string[] {
  const role = tree.role[node];
  switch (tree.kind[parent]) {
    case K.Compare:
      return role === R.comparators && isMembership(tree, parent) ? containing : none;
    case K.For:
    case K.comprehension:
      return role === R.iter ? iterating : none;
    case K.withitem:
      return role === R.context_expr ? entering : none;
    case K.Call:
      return role === R.args && nameOf(tree, childWithRole(tree, parent, R.func)) === "len" ? measuring : none;
    default:
      return none;
  }
}

function isMembership(tree: SyntaxTree, compare: number): boolean {
  const operator = tree.detail[childWithRole(tree, compare, R.ops)];
  return operator === PythonOperator.In || operator === PythonOperator.NotIn;
}

interface DunderUse {
  readonly cls: ClassDeclaration;
  readonly names: readonly string[];
  readonly node: number;
}

function dundersOf(evaluator: Evaluator, fn: FunctionDeclaration, { cls, names, node }: DunderUse): readonly CallTarget[] {
  const functions = names.flatMap((name) => findMethod(evaluator, cls, name).slice(-1));
  return functions.length > 0 ? [{ functions, external: undefined, text: shortTextOf(fn.module.tree, node) }] : none;
}
