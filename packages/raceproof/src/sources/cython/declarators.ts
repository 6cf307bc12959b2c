// The variables of one `cdef`: their names, and where each ends.
// What enters: the tokens of the statement, from its type on. What leaves: one declarator for each variable.
import type { CythonToken } from "./logical-lines.ts";

export interface Declarator {
  readonly name: CythonToken;
  readonly equals: CythonToken | undefined;
  /** Where the next one begins: its comma. */
  readonly end: number;
}

export function splitDeclarators(tokens: readonly CythonToken[]): readonly Declarator[] {
  const found: Declarator[] = [];
  let part: CythonToken[] = [];
  const outermost = tokens[0]?.depth ?? 0;
  const finish = (end: number): void => {
    const equals = part.find((token) => token.text === "=" && token.depth === outermost);
    const before = part.filter((token) => token.depth === outermost && (equals === undefined || token.start < equals.start));
    const name = pointedName(part) ?? before.findLast((token) => token.kind === "name");
    if (name) found.push({ name, equals, end });
    part = [];
  };
  for (const token of tokens) {
    if (token.text === "," && token.depth === outermost) finish(token.start);
    else part.push(token);
  }
  finish(tokens.at(-1)?.end ?? 0);
  return found;
}

/** `a:list;b:list`, which names without a value are in Python; undefined where it does not fit. */
export function annotate(declarators: readonly Declarator[], annotation: string | undefined, room: number): string | undefined {
  const written = declarators.map(({ name }) => `${name.text}:${annotation}`).join(";");
  return annotation !== undefined && written.length <= room ? written : undefined;
}

/** The `f` of `int (*f)(int)`. */
function pointedName(declarator: readonly CythonToken[]): CythonToken | undefined {
  const star = declarator.findIndex((token, index) => token.text === "*" && declarator[index - 1]?.text === "(");
  return star < 0 ? undefined : declarator[star + 1];
}
