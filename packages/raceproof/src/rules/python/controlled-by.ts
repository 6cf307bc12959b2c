// A branch and a position in, whether the branch's condition decides if the position is reached out.
import type { FunctionFact, TestFact } from "../../vocabulary/index.ts";

// Asked a million times over a large program: indexed, for taking a pair apart goes through its iterator until it is compiled.
const inside = (position: number, range: readonly [number, number]): boolean => position >= range[0] && position < range[1];

export function isInCondition(position: number, test: TestFact): boolean {
  return inside(position, test.condition);
}

export function controls(test: TestFact, position: number): boolean {
  if (inside(position, test.whenTrue) || inside(position, test.whenFalse)) return true;
  return (test.trueLeaves || test.falseLeaves) && inside(position, test.after);
}

/** One runs when the condition holds, the other when it does not. */
export function areAlternatives(tests: readonly TestFact[], first: number, second: number): boolean {
  return tests.some(
    (test) => (inside(first, test.whenTrue) && inside(second, test.whenFalse)) || (inside(first, test.whenFalse) && inside(second, test.whenTrue)),
  );
}

/** The first stands in a branch that leaves before it comes to the second: `if x: first(); return`. */
export function isPassedBy({ tests }: FunctionFact, first: number, second: number): boolean {
  return tests.some(
    ({ whenTrue, whenFalse, trueLeaves, falseLeaves }) =>
      (trueLeaves && inside(first, whenTrue) && !inside(second, whenTrue)) || (falseLeaves && inside(first, whenFalse) && !inside(second, whenFalse)),
  );
}
