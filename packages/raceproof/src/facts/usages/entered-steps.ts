// The statements of a body in, the same out with what `with` statements hold as steps of their own: the manager is entered before and never
// left, so that two of the steps can meet on what it gives. Leaves out managers that expect an exception or only mark a part of a test.
import { childrenWithRole, childWithRole, PythonKind as K, PythonRole as R, type SyntaxTree, textOf } from "../../sources/index.ts";
import { enteredPrefix, type UsageStep } from "../../vocabulary/index.ts";
import { usageStepOf } from "./usage-step.ts";

/** undefined when nothing is entered. */
export function enteredSteps(tree: SyntaxTree, body: readonly number[]): UsageStep[] | undefined {
  const steps = body.flatMap((statement) => stepsOf(tree, statement));
  return steps.length > body.length ? steps : undefined;
}

const notToBeEntered = /raises|warns|assert|sub_?test|skip|suppress|\bpatch\b/i;

function stepsOf(tree: SyntaxTree, statement: number): UsageStep[] {
  const items = tree.kind[statement] === K.With ? childrenWithRole(tree, statement, R.items) : [];
  if (items.length === 0 || items.some((item) => notToBeEntered.test(textOf(tree, item)))) return [usageStepOf(tree, statement)];
  return [...items.map((item) => enteringStep(tree, item)), ...childrenWithRole(tree, statement, R.body).flatMap((inner) => stepsOf(tree, inner))];
}

function enteringStep(tree: SyntaxTree, item: number): UsageStep {
  const step = usageStepOf(tree, item);
  const manager = `${enteredPrefix}${tree.start[item] ?? 0}`;
  const target = childWithRole(tree, item, R.optional_vars);
  const enter = `${manager}.__enter__()`;
  const text = `${manager} = ${textOf(tree, childWithRole(tree, item, R.context_expr))}\n${target < 0 ? enter : `${textOf(tree, target)} = ${enter}`}`;
  return { ...step, text, stores: [manager, ...step.stores], uses: [...step.uses, "__enter__"] };
}
