// A snapshot in place of the live container: list() of a dict, its views, a set or a deque is one step on every runtime.
// Refused for containers handed out as they are: what becomes of them is decided elsewhere.
import { offsetIn } from "../../../vocabulary/index.ts";
import type { FixAnswer, FixSource, Hazard, Program } from "../../../vocabulary/index.ts";
import { refusal } from "../source-lines.ts";

export function propose(hazard: Hazard, program: Program, source: FixSource): FixAnswer {
  const { file, line, column, endLine, endColumn } = hazard.span;
  const text = source.textOf(file);
  const [from, to] = [offsetIn(text, line, column), offsetIn(text, endLine, endColumn)];
  const written = text.slice(from, to);
  const isWalked = /\b(?:for|in)\b[^\n]*$/.test(text.slice(text.lastIndexOf("\n", from - 1) + 1, from)) && /^\s*(?:[:\])},]|if\b|for\b)/.test(text.slice(to));
  if (!/^[A-Za-z_][\w.]*(?:\(\))?$/.test(written) || !isWalked || !/\bin\s+$/.test(text.slice(0, from)))
    return refusal("it is not a loop over the container itself");
  if (program.textOf(hazard.span) !== written) return refusal("its text is not plain ASCII");
  return { kind: "fix", title: `${hazard.function}: a snapshot of ${written} is gone through`, edits: [{ file, from, to, text: `list(${written})` }] };
}
