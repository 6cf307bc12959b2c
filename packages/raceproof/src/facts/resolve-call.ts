// A node in, the functions of the program it may run out: calls, property reads and writes, operators with dunder methods.
// Misses: calls through variables holding functions chosen at run time, callbacks, metaclass __call__.
import { childWithRole, ExpressionContext, nameOf, parentOf, PythonKind as K, PythonOperator, PythonRole as R, textOf } from "../sources/index.ts";
import { findMethod } from "./attribute-lookup.ts";
import type { ClassDeclaration, FunctionDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Shape } from "./static-value.ts";

export interface CallTarget {
  readonly functions: readonly FunctionDeclaration[];
  readonly external: string | undefined;
  readonly text: string;
}

export function resolveCall(evaluator: Evaluator, fn: FunctionDeclaration, node: number): CallTarget[] {
  const { tree } = fn.module;
  switch (tree.kind[node]) {
    case K.Call:
      return [calleeOf(evaluator, fn, node)];
    case K.Attribute:
      return accessorsOf(evaluator, fn, node);
    case K.Subscript:
      return subscriptDunders(evaluator, fn, node);
    case K.Name:
      return operatorDunders(evaluator, fn, node);
    default:
      return [];
  }
}

function calleeOf(evaluator: Evaluator, fn: FunctionDeclaration, call: number): CallTarget {
  const func = childWithRole(fn.module.tree, call, R.func);
  const { shape } = evaluator.valueOf(fn.module, func);
  return { ...functionsOf(evaluator, shape), text: textOf(fn.module.tree, func) };
}

function functionsOf(evaluator: Evaluator, shape: Shape): Omit<CallTarget, "text"> {
  switch (shape.kind) {
    case "function":
      return { functions: [shape.of], external: undefined };
    case "class":
      return { functions: constructorsOf(evaluator, shape.of), external: undefined };
    case "instance":
      return { functions: findMethod(evaluator, shape.of, "__call__").slice(-1), external: undefined };
    case "external":
      return { functions: [], external: shape.name };
    case "module":
    case "container":
    case "tuple":
    case "super":
    case "unknown":
      return { functions: [], external: undefined };
  }
}

function constructorsOf(evaluator: Evaluator, cls: ClassDeclaration): FunctionDeclaration[] {
  return ["__new__", "__init__"].flatMap((name) => findMethod(evaluator, cls, name).slice(-1));
}

function accessorsOf(evaluator: Evaluator, fn: FunctionDeclaration, node: number): CallTarget[] {
  const { tree } = fn.module;
  const { shape } = evaluator.valueOf(fn.module, childWithRole(tree, node, R.value));
  const out: FunctionDeclaration[] = [];
  if (shape.kind === "instance") {
    const role = tree.detail[node] === ExpressionContext.Load ? "property" : "property-setter";
    const both = tree.kind[parentOf(tree, node)] === K.AugAssign;
    for (const method of findMethod(evaluator, shape.of, nameOf(tree, node))) {
      if (method.role === role || (both && method.role === "property")) out.push(method);
    }
  }
  const targets: CallTarget[] = out.length > 0 ? [{ functions: out, external: undefined, text: textOf(tree, node) }] : [];
  return [...targets, ...operatorDunders(evaluator, fn, node)];
}

function subscriptDunders(evaluator: Evaluator, fn: FunctionDeclaration, node: number): CallTarget[] {
  const { tree } = fn.module;
  const context = tree.detail[node];
  const name = context === ExpressionContext.Store ? "__setitem__" : context === ExpressionContext.Del ? "__delitem__" : "__getitem__";
  const names = tree.kind[parentOf(tree, node)] === K.AugAssign && name === "__setitem__" ? ["__getitem__", name] : [name];
  return dundersOf(evaluator, fn, childWithRole(tree, node, R.value), names, textOf(tree, node));
}

/** `x in obj`, `for x in obj`, `len(obj)`, `with obj:` with an instance of the program. */
function operatorDunders(evaluator: Evaluator, fn: FunctionDeclaration, node: number): CallTarget[] {
  const { tree } = fn.module;
  const parent = parentOf(tree, node);
  const names: string[] = [];
  switch (tree.kind[parent]) {
    case K.Compare: {
      const operator = tree.detail[childWithRole(tree, parent, R.ops)];
      if (tree.role[node] === R.comparators && (operator === PythonOperator.In || operator === PythonOperator.NotIn)) names.push("__contains__");
      break;
    }
    case K.For:
    case K.comprehension:
      if (tree.role[node] === R.iter) names.push("__iter__");
      break;
    case K.withitem:
      if (tree.role[node] === R.context_expr) names.push("__enter__", "__exit__");
      break;
    case K.Call:
      if (tree.role[node] === R.args && textOf(tree, childWithRole(tree, parent, R.func)) === "len") names.push("__len__");
      break;
    default:
      break;
  }
  return names.length > 0 ? dundersOf(evaluator, fn, node, names, textOf(tree, node)) : [];
}

function dundersOf(evaluator: Evaluator, fn: FunctionDeclaration, node: number, names: readonly string[], text: string): CallTarget[] {
  const { shape } = evaluator.valueOf(fn.module, node);
  if (shape.kind !== "instance") return [];
  const functions = names.flatMap((name) => findMethod(evaluator, shape.of, name).slice(-1));
  return functions.length > 0 ? [{ functions, external: undefined, text }] : [];
}
