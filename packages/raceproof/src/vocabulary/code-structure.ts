// Python source text in, its tokens as one line out: what stays the same when code is moved or reformatted.
// Layout, comments, quote style, trailing commas and parentheses around a whole expression leave no trace; every other token does.

const token = /(\s+|\\\r?\n|#[^\n]*)|((?:[rbfut]{0,2})(?:'''[^]*?'''|"""[^]*?"""|'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*"))|([\p{L}\p{N}_.]+)|([^])/giu;
const compound = /^(?:async|class|def|elif|else|except|finally|for|if|match|case|try|while|with)$/;
const keyword = /^(?:and|as|assert|await|del|elif|else|for|from|if|import|in|is|lambda|not|or|raise|return|while|with|yield)$/;
const closers: ReadonlySet<string> = new Set([")", "]", "}"]);
const openers: ReadonlySet<string> = new Set(["(", "[", "{"]);

/** Tokens of one statement, joined by spaces; of a compound statement those of its header, without the block below. */
export function structureOfStatement(text: string): string {
  const tokens = tokensOf(text);
  const header = compound.test(tokens[0] ?? "") ? tokens.slice(0, endOfHeader(tokens)) : tokens;
  return withoutOuterParentheses(header).join(" ");
}

interface OpenBracket {
  /** It follows an operand: a call or a subscript. */
  readonly follows: boolean;
  readonly bracket: string;
  commas: number;
}

function tokensOf(text: string): string[] {
  const out: string[] = [];
  const open: OpenBracket[] = [];
  for (const [, blank, literal, word, other] of text.matchAll(token)) {
    if (blank !== undefined) continue;
    const next = literal === undefined ? (word ?? other ?? "") : withPlainQuotes(literal);
    if (openers.has(next)) open.push({ follows: isOperand(out.at(-1)), bracket: next, commas: 0 });
    else if (next === ",") countComma(open.at(-1));
    else if (closers.has(next) && !makesTuple(open.pop()) && out.at(-1) === ",") out.pop();
    out.push(next);
  }
  return out;
}

function countComma(around: OpenBracket | undefined): void {
  if (around) around.commas++;
}

/** In `(a,)` and `d[a,]` the last comma means something. */
function makesTuple(around: OpenBracket | undefined): boolean {
  if (around?.commas !== 1) return false;
  return around.follows ? around.bracket === "[" : around.bracket === "(";
}

/** What stands before a bracket that calls or subscripts. */
function isOperand(before: string | undefined): boolean {
  return before !== undefined && /[\p{L}\p{N}_.)\]"']$/u.test(before) && !keyword.test(before);
}

/** 'a' is "a", unless one of the marks occurs inside. */
function withPlainQuotes(literal: string): string {
  const match = /^([a-z]*)'([^'"\\]*)'$/i.exec(literal);
  return match ? `${(match[1] ?? "").toLowerCase()}"${match[2] ?? ""}"` : literal;
}

/** Index after the colon that ends the header. */
function endOfHeader(tokens: readonly string[]): number {
  let depth = 0;
  let lambdas = 0;
  for (const [index, each] of tokens.entries()) {
    if (openers.has(each)) depth++;
    else if (closers.has(each)) depth--;
    else if (each === "lambda" && depth === 0) lambdas++;
    else if (each === ":" && depth === 0 && lambdas-- === 0) return index + 1;
  }
  return tokens.length;
}

/** `return (a)` is `return a`: parentheses from a keyword or an assignment to the very end hold only the layout together. */
function withoutOuterParentheses(tokens: readonly string[]): readonly string[] {
  const end = tokens.at(-1) === ":" ? tokens.length - 1 : tokens.length;
  const start = tokens.findIndex((each, index) => each === "(" && matchingCloser(tokens, index) === end - 1);
  const before = tokens[start - 1] ?? "";
  const opens = start > 0 && end - start > 2 && (/^(?:=|return|if|elif|while|in|assert|del|raise|await|yield)$/.test(before) || start === 0);
  return opens ? withoutOuterParentheses([...tokens.slice(0, start), ...tokens.slice(start + 1, end - 1), ...tokens.slice(end)]) : tokens;
}

function matchingCloser(tokens: readonly string[], opener: number): number {
  let depth = 0;
  for (let index = opener; index < tokens.length; index++) {
    if (openers.has(tokens[index] ?? "")) depth++;
    else if (closers.has(tokens[index] ?? "") && --depth === 0) return index;
  }
  return -1;
}
