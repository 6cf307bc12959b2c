// The value node of a store in, what kind of value it is out: lets rules tell counters from constants and masks.
import { childrenOf, childWithRole, nameOf, PythonKind as K, PythonOperator as Op, PythonRole as R, textOf } from "../sources/index.ts";
import type { StoredValue } from "../vocabulary/index.ts";
import type { FunctionDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { containerKindOf } from "./static-value.ts";

const arithmetic: ReadonlySet<number> = new Set([Op.Add, Op.Sub, Op.Mult, Op.Div, Op.FloorDiv, Op.Mod, Op.LShift, Op.RShift, Op.Pow]);
const masking: ReadonlySet<number> = new Set([Op.BitAnd, Op.BitOr, Op.BitXor]);

/** `counter`: arithmetic on the location's own old value. `saved`: a local that was read from the same location earlier. */
export function classifyStored(evaluator: Evaluator, fn: FunctionDeclaration, value: number, target: number): StoredValue {
  const { module } = fn;
  const { tree } = module;
  if (value < 0) return "other";
  const kind = tree.kind[value];
  if (kind === K.BinOp || kind === K.UnaryOp) return classifyComputed(fn, value, target);
  const result = evaluator.valueOf(module, value);
  if (kind === K.Constant) return textOf(tree, value) === "None" ? "none" : "constant";
  if (kind === K.Name && isSavedFrom(fn, nameOf(tree, value), textOf(tree, target))) return "saved";
  if (result.fresh) return result.shape.kind === "container" ? "fresh-container" : "fresh-object";
  return containerKindOf(result.shape) === "none" ? "none" : "other";
}

function classifyComputed(fn: FunctionDeclaration, value: number, target: number): StoredValue {
  const { tree } = fn.module;
  const targetText = textOf(tree, target);
  if (!readsTarget(fn, value, targetText)) return "other";
  const operator = tree.detail[value] as number;
  if (masking.has(operator)) return "masked";
  return arithmetic.has(operator) || tree.kind[value] === K.UnaryOp ? "counter" : "derived";
}

/** The expression reads the stored-to path itself, or a local that was assigned from it. */
function readsTarget(fn: FunctionDeclaration, node: number, targetText: string): boolean {
  const { tree } = fn.module;
  const kind = tree.kind[node];
  if ((kind === K.Attribute || kind === K.Subscript || kind === K.Name) && textOf(tree, node) === targetText) return true;
  if (kind === K.Name && isSavedFrom(fn, nameOf(tree, node), targetText)) return true;
  return childrenOf(tree, node).some((child) => readsTarget(fn, child, targetText));
}

function isSavedFrom(fn: FunctionDeclaration, name: string, targetText: string): boolean {
  const { tree } = fn.module;
  return (fn.bindings.get(name) ?? []).some((binding) => {
    if (binding.kind !== "assign" || binding.value < 0) return false;
    const source = tree.kind[binding.value] === K.BoolOp ? childWithRole(tree, binding.value, R.values) : binding.value;
    return source >= 0 && textOf(tree, source) === targetText;
  });
}
