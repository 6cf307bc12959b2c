// The value node of a store in, what kind of value it is out: lets rules tell counters from constants and masks.
import { childrenOf, childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonOperator as Op, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { StoredValue } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { pathTextOf } from "../evaluation/named-attributes.ts";
import { shortTextOf } from "../declarations/source-text.ts";
import { containerKindOf } from "../evaluation/static-value.ts";
import type { StaticValue } from "../evaluation/static-value.ts";

const arithmetic: ReadonlySet<number> = new Set([Op.Add, Op.Sub, Op.Mult, Op.Div, Op.FloorDiv, Op.Mod, Op.LShift, Op.RShift, Op.Pow]);
const masking: ReadonlySet<number> = new Set([Op.BitAnd, Op.BitOr, Op.BitXor]);

/**
 * `counter`: arithmetic on the location's own old value. `saved`: a local that was read from the same location earlier.
 * @param target what is stored to, as the code writes it
 */
export function classifyStored(evaluator: Evaluator, fn: FunctionDeclaration, value: number, target: string): StoredValue {
  if (value < 0) return "other";
  const { module } = fn;
  const { tree } = module;
  switch (tree.kind[value]) {
    case K.BinOp:
    case K.UnaryOp:
      return classifyComputed(fn, value, target);
    case K.Constant:
      return shortTextOf(tree, value) === "None" ? "none" : "constant";
    case K.Tuple:
      return addsToTuple(tree, value, target) ? "counter" : classifyValue(evaluator.valueOf(module, value));
    case K.Name:
      return classifyName(fn, nameOf(tree, value), target) ?? classifyValue(evaluator.valueOf(module, value));
    default:
      return classifyValue(evaluator.valueOf(module, value));
  }
}

function classifyValue({ fresh, shape }: StaticValue): StoredValue {
  if (fresh) return shape.kind === "container" ? "fresh-container" : "fresh-object";
  return containerKindOf(shape) === "none" ? "none" : "other";
}

function classifyName(fn: FunctionDeclaration, name: string, targetText: string): StoredValue | undefined {
  if (!isSavedFrom(fn, name, targetText)) return undefined;
  return isChanged(fn, name) ? "counter" : "saved";
}

/** `rows = (*rows, row)` */
function addsToTuple(tree: SyntaxTree, tuple: number, targetText: string): boolean {
  const elements = childrenOf(tree, tuple);
  const isOld = (element: number): boolean => tree.kind[element] === K.Starred && readsPath(tree, childWithRole(tree, element, R.value), targetText);
  return elements.length > 1 && elements.some(isOld);
}

function classifyComputed(fn: FunctionDeclaration, value: number, target: string): StoredValue {
  const { tree } = fn.module;
  if (tree.kind[value] === K.UnaryOp && tree.kind[childWithRole(tree, value, R.operand)] === K.Constant) return "constant";
  if (!readsTarget(fn, value, target)) return "other";
  const operator = tree.detail[value] as number;
  if (masking.has(operator)) return "masked";
  return arithmetic.has(operator) || tree.kind[value] === K.UnaryOp ? "counter" : "derived";
}

/** The expression reads the stored-to path itself, or a local that was assigned from it. */
function readsTarget(fn: FunctionDeclaration, value: number, targetText: string): boolean {
  const { tree } = fn.module;
  for (let node = tree.first[value] as number; node <= value; node++) {
    const kind = tree.kind[node];
    if (kind === K.Name && isSavedFrom(fn, nameOf(tree, node), targetText)) return true;
    if (readsPath(tree, node, targetText)) return true;
  }
  return false;
}

/** The path itself, or the same in other words: `d.get(k, 0)` for `d[k]`, `getattr(o, "n", 0)` for `o.n`. */
function readsPath(tree: SyntaxTree, node: number, targetText: string): boolean {
  switch (tree.kind[node]) {
    case K.Attribute:
    case K.Subscript:
    case K.Name:
      return pathTextOf(tree, node) === targetText;
    case K.Call:
      return (askedElement(tree, node) ?? pathTextOf(tree, node)) === targetText;
    default:
      return false;
  }
}

const elementLookups: ReadonlySet<string> = new Set(["get", "setdefault", "pop"]);

function askedElement(tree: SyntaxTree, call: number): string | undefined {
  const func = childWithRole(tree, call, R.func);
  const [key] = childrenWithRole(tree, call, R.args);
  if (key === undefined || tree.kind[func] !== K.Attribute || !elementLookups.has(nameOf(tree, func))) return undefined;
  return `${shortTextOf(tree, childWithRole(tree, func, R.value))}[${shortTextOf(tree, key)}]`;
}

/** `n += 1` between taking the value and putting it back. */
function isChanged({ node: fn, module: { tree }, bindings }: FunctionDeclaration, name: string): boolean {
  if (bindings.get(name)?.length !== 1) return false;
  for (let node = tree.first[fn] as number; node < fn; node++) {
    if (tree.kind[node] !== K.AugAssign || !arithmetic.has(tree.detail[node] as number)) continue;
    const target = childWithRole(tree, node, R.target);
    if (tree.kind[target] === K.Name && nameOf(tree, target) === name) return true;
  }
  return false;
}

function isSavedFrom(fn: FunctionDeclaration, name: string, targetText: string): boolean {
  const { tree } = fn.module;
  const bindings = fn.bindings.get(name) ?? [];
  return bindings.some((binding) => {
    if (binding.kind !== "assign" || binding.value < 0) return false;
    const source = tree.kind[binding.value] === K.BoolOp ? childWithRole(tree, binding.value, R.values) : binding.value;
    if (source < 0) return false;
    // A name that was looked up and then given something else holds what was missing.
    return shortTextOf(tree, source) === targetText || (bindings.length === 1 && readsPath(tree, source, targetText));
  });
}

/** What an assignment statement stores, or -1. */
export function storedValueIn(tree: SyntaxTree, statement: number): number {
  const kind = tree.kind[statement];
  return kind === K.Assign || kind === K.AnnAssign ? childWithRole(tree, statement, R.value) : -1;
}
