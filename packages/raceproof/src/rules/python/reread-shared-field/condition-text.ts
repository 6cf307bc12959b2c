// A branch in, the text of its condition out.
import type { Program, TestFact } from "../../../vocabulary/index.ts";

export function conditionOf(program: Program, { span, condition }: TestFact): string {
  const text = program.textOf(span);
  const start = text.search(/\s/) + 1;
  return text.slice(start, start + condition[1] - condition[0]);
}
