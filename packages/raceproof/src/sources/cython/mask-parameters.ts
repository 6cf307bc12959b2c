// Parameters and results of Cython functions as Python has them.
// What enters: the tokens of a function's head. What leaves: changes of the masked text: types, `not None` and what follows the parentheses go.
import type { CythonToken } from "./logical-lines.ts";
import type { MaskedText } from "./masked-text.ts";

/** @param open index of the opening parenthesis. @returns index of the closing one */
export function maskParameters(tokens: readonly CythonToken[], open: number, text: MaskedText): number {
  const inside = (tokens[open] as CythonToken).depth + 1;
  let parameter: CythonToken[] = [];
  for (let at = open + 1; at < tokens.length; at++) {
    const token = tokens[at] as CythonToken;
    if (token.depth < inside || (token.text === "," && token.depth === inside)) {
      // `...` of C goes, with what separates it from the parameter before.
      if (parameter[0]?.text === ".") text.blank((tokens[at - parameter.length - 1] as CythonToken).start, token.start);
      else maskParameter(parameter, inside, text);
      parameter = [];
      if (token.depth < inside) return at;
    } else parameter.push(token);
  }
  return tokens.length - 1;
}

/** The last name outside of brackets, before a default, is the parameter's; what stands before is the type. */
function maskParameter(parameter: readonly CythonToken[], depth: number, text: MaskedText): void {
  const outer = parameter.filter((token) => token.depth === depth);
  const isAnnotated = outer.some((token) => token.text === ":");
  if (isAnnotated || parameter[0] === undefined) return;
  const equals = outer.find((token) => token.text === "=");
  const limit = equals?.start ?? Number.POSITIVE_INFINITY;
  const none = outer.find((token, index) => /^(?:not|or)$/.test(token.text) && outer[index + 1]?.text === "None");
  const before = outer.filter((token) => token.start < Math.min(limit, none?.start ?? limit));
  const name = before.findLast((token) => token.kind === "name");
  if (name === undefined) return;
  const type = annotationOf(parameter.slice(0, parameter.indexOf(name)));
  if (type !== undefined) text.write(`${name.text}:${type}`, parameter[0].start, name.end);
  else if (parameter[0].text !== "*") text.blank(parameter[0].start, name.start);
  const last = before.at(-1) as CythonToken;
  text.blank(name.end, Math.max(name.end, none ? endOf(outer, none) : endOfBrackets(parameter, last, limit)));
}

/** A type that Python can say: a name, dotted or not. What C alone knows has none. */
export function annotationOf(type: readonly CythonToken[]): string | undefined {
  if (type.length === 0 || type.some(({ kind, text }) => kind !== "name" && text !== ".")) return undefined;
  const names = type.filter(({ kind }) => kind === "name");
  const isDotted = names.length * 2 - 1 === type.length;
  return isDotted && !notAnnotations.has(type[0]?.text ?? "") ? type.map(({ text }) => text).join("") : undefined;
}

const notAnnotations: ReadonlySet<string> = new Set(
  "object const volatile unsigned signed long short struct union enum not or and in is if None lambda".split(" "),
);

function endOf(outer: readonly CythonToken[], none: CythonToken): number {
  return (outer[outer.indexOf(none) + 1] ?? none).end;
}

/** `int x[10]` */
function endOfBrackets(parameter: readonly CythonToken[], last: CythonToken, limit: number): number {
  return parameter.findLast((token) => token.start < limit && token.end >= last.end)?.end ?? last.end;
}
