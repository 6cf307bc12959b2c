// A function's raw facts in, what is known of its parameters out: types, defaults, and what it does when an argument is absent.
import { textBetween, textOf } from "../../sources/index.ts";
import type { ParameterFact } from "../../vocabulary/index.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { RawFunction } from "./raw-facts.ts";

export function parameterFactsOf(evaluator: Evaluator, raw: RawFunction): ParameterFact[] {
  const fn = raw.declaration;
  const { tree } = fn.module;
  if (fn.parameters.length === 0) return [];
  const absences = absencesIn(raw);
  return fn.parameters.map((parameter) => {
    const { shape } = evaluator.valueOfName(fn, parameter.name);
    return {
      name: parameter.name,
      kind: parameter.kind,
      annotation: parameter.annotation >= 0 ? textOf(tree, parameter.annotation) : undefined,
      default: parameter.default >= 0 ? textOf(tree, parameter.default) : undefined,
      type: shape.kind === "instance" ? shape.of.key : undefined,
      absence: absences.get(parameter.name) ?? "untested",
    };
  });
}

const absenceTest = /^(?:(not )(\w+)|(\w+)( is None| is not None)?)$/;

/** Names tested by `if x`, `if not x`, `if x is None` and `if x is not None`, and whether the function leaves when they are absent. */
function absencesIn(raw: RawFunction): Map<string, ParameterFact["absence"]> {
  const { tree } = raw.declaration.module;
  const absences = new Map<string, ParameterFact["absence"]>();
  for (const { condition, trueLeaves } of raw.tests) {
    const found = absenceTest.exec(textBetween(tree, condition[0], condition[1]));
    if (!found) continue;
    const [, negated, afterNot, bare, comparison] = found;
    const whenAbsent = negated !== undefined || comparison === " is None";
    absences.set(afterNot ?? bare ?? "", whenAbsent && trueLeaves ? "refused" : "handled");
  }
  return absences;
}
