// Expressions of Cython as Python has them: casts, addresses and suffixes go, words that only Python reserves are renamed.
// What enters: the tokens of a line. What leaves: changes of the masked text.
import type { CythonToken } from "./logical-lines.ts";
import type { MaskedText } from "./masked-text.ts";

const operand = /^(?:[)\]}]|\d)/;
const notOperand: ReadonlySet<string> = new Set(
  "and or not in is if else elif while return yield lambda print assert del raise for from import except with await".split(" "),
);

export function maskExpressions(tokens: readonly CythonToken[], text: MaskedText): void {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as CythonToken;
    if (token.kind === "number") maskSuffix(token, text);
    else if (token.kind === "string") maskPrefix(token, text);
    else if (token.text === "sizeof" && tokens[at + 1]?.text === "(") maskType(tokens, at + 2, text);
    else if (token.text === "<" && isPrefix(tokens, at)) at = maskCast(tokens, at, text);
    else if (token.text === "None") maskMember(tokens, at, text);
    else if (isOfC(tokens, at)) text.blank(token.start, token.end);
  }
}

/** `Kind.None`: an enumerator of C may be called so. */
function maskMember(tokens: readonly CythonToken[], at: number, text: MaskedText): void {
  const { start, end } = tokens[at] as CythonToken;
  if (tokens[at - 1]?.text === ".") text.write("_one", start, end);
}

/** An address, `new`, or the star of a type. */
function isOfC(tokens: readonly CythonToken[], at: number): boolean {
  const next = tokens[at + 1];
  switch (tokens[at]?.text) {
    case "&":
      return isPrefix(tokens, at);
    case "new":
      return next?.kind === "name" && isPrefix(tokens, at);
    case "*":
      return at > 0 && /^[)\],]$/.test(next?.text ?? "");
    default:
      return false;
  }
}

/** c"" and ur"" are strings too; in f"" casts may stand. */
function maskPrefix({ text, start, end }: CythonToken, masked: MaskedText): void {
  if (/^(?:c|ur)["']/i.test(text)) masked.blank(start, start + 1);
  if (!/^r?f/i.test(text)) return;
  for (const cast of text.matchAll(/(?<=[{(])<[\w .*]+>/g)) masked.blank(start + cast.index, Math.min(end, start + cast.index + cast[0].length));
}

/** 10UL is a number of C. */
function maskSuffix({ text, start, end }: CythonToken, masked: MaskedText): void {
  const suffix = /(?<=\d|0[xX][\da-fA-F]+)[uUlL]+$/.exec(text);
  if (suffix) masked.blank(start + suffix.index, end);
}

/** `sizeof(unsigned long)`: one name is enough. */
function maskType(tokens: readonly CythonToken[], at: number, text: MaskedText): void {
  for (let next = at; tokens[next + 1]?.kind === "name" && tokens[next]?.kind === "name"; next++) {
    text.blank((tokens[next] as CythonToken).start, (tokens[next] as CythonToken).end);
  }
}

/** Whether nothing stands before it that it could combine with. */
function isPrefix(tokens: readonly CythonToken[], at: number): boolean {
  const before = tokens[at - 1];
  if (before === undefined) return true;
  if (before.kind === "name") return notOperand.has(before.text);
  return before.kind === "mark" && !operand.test(before.text);
}

/** `<type>`: names, dots, stars and brackets only, or it is a comparison after all. @returns index of the last token used */
function maskCast(tokens: readonly CythonToken[], at: number, text: MaskedText): number {
  const open = tokens[at] as CythonToken;
  for (let end = at + 1; end < tokens.length; end++) {
    const token = tokens[end] as CythonToken;
    if (token.text === ">" && token.depth === open.depth) {
      text.blank(open.start, token.end);
      return end;
    }
    if (token.kind === "string" || (token.kind === "mark" && !/^[.*&[\](),:?]$/.test(token.text))) break;
  }
  return at;
}
