// A function in, what a call of it gives out: the annotation names the shape, the return expressions name the place.
import { childWithRole, PythonRole as R } from "../../sources/index.ts";
import { shapeOfAnnotation } from "./annotations.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { containerShape, joinValues } from "./static-value.ts";
import type { StaticValue } from "./static-value.ts";

/** Decorators may make anything of a generator function: a context manager, a fixture. */
function isPlainGenerator(fn: FunctionDeclaration): boolean {
  return !fn.asynchronous && fn.decorators.every((text) => text === "staticmethod" || text === "classmethod");
}

export function returnValueOf(evaluator: Evaluator, fn: FunctionDeclaration): StaticValue {
  const { returned } = evaluator.memos;
  const known = returned.get(fn);
  if (known) return known;
  const { cuts } = evaluator;
  const value = joinReturned(evaluator, fn);
  if (evaluator.cuts === cuts) returned.set(fn, value);
  return value;
}

function joinReturned(evaluator: Evaluator, fn: FunctionDeclaration): StaticValue {
  const shape = shapeOfAnnotation(evaluator, fn.module, childWithRole(fn.module.tree, fn.node, R.returns));
  if (fn.yields.length > 0)
    return { shape: isPlainGenerator(fn) ? containerShape("generator", shape.kind === "container" ? shape.element : undefined) : shape };
  const returned = joinValues(
    evaluator.valuesOf(
      fn.module,
      fn.returns.filter((node) => node >= 0),
    ),
  );
  // `-> Iterator` says less than the container whose live view is returned.
  const isView = returned.view === true && returned.shape.kind === "container";
  return shape.kind === "unknown" || isView ? returned : { ...returned, shape };
}
