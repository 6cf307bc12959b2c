// The value node of a store in, what kind of value it is out: lets rules tell counters from constants and masks.
import { childWithRole, nameOf, PythonKind as K, PythonOperator as Op, PythonRole as R } from "../../sources/index.ts";
import type { StoredValue } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { shortTextOf } from "../declarations/source-text.ts";
import { containerKindOf } from "../evaluation/static-value.ts";

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
  if (kind === K.Constant) return shortTextOf(tree, value) === "None" ? "none" : "constant";
  if (kind === K.Name && isSavedFrom(fn, nameOf(tree, value), shortTextOf(tree, target))) return "saved";
  if (result.fresh) return result.shape.kind === "container" ? "fresh-container" : "fresh-object";
  return containerKindOf(result.shape) === "none" ? "none" : "other";
}

function classifyComputed(fn: FunctionDeclaration, value: number, target: number): StoredValue {
  const { tree } = fn.module;
  if (tree.kind[value] === K.UnaryOp && tree.kind[childWithRole(tree, value, R.operand)] === K.Constant) return "constant";
  const targetText = shortTextOf(tree, target);
  if (!readsTarget(fn, value, targetText)) return "other";
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
    if ((kind === K.Attribute || kind === K.Subscript || kind === K.Name) && shortTextOf(tree, node) === targetText) return true;
  }
  return false;
}

function isSavedFrom(fn: FunctionDeclaration, name: string, targetText: string): boolean {
  const { tree } = fn.module;
  return (fn.bindings.get(name) ?? []).some((binding) => {
    if (binding.kind !== "assign" || binding.value < 0) return false;
    const source = tree.kind[binding.value] === K.BoolOp ? childWithRole(tree, binding.value, R.values) : binding.value;
    return source >= 0 && shortTextOf(tree, source) === targetText;
  });
}
