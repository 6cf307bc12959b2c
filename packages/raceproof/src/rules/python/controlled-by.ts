// A branch and a position in, whether the branch's condition decides if the position is reached out.
import type { TestFact } from "../../vocabulary/index.ts";

const inside = (position: number, [from, to]: readonly [number, number]): boolean => position >= from && position < to;

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
    ({ whenTrue, whenFalse }) => (inside(first, whenTrue) && inside(second, whenFalse)) || (inside(first, whenFalse) && inside(second, whenTrue)),
  );
}
