// Macro expansion as the C standard has it (C17 6.10.3): arguments expanded first, `#` and `##`, rescanning, no recursion.
// What enters: an invocation, its arguments and the macros known there. What leaves: tokens that remember where they were written.
// Departure: a name painted blue is told by the macros being expanded around it, not by hide sets.
import type { Macro, Token } from "./macro.ts";
import { Scanner, TokenKind } from "./scanner.ts";

export type MacroLookup = (name: string) => Macro | undefined;

/** Tokens one invocation may become; more are a mistake or an attack, and the invocation stays as it is written. */
const mostTokens = 200_000;
const deepestExpansion = 120;

export class ExpansionLimit extends Error {}

export class Expander {
  private readonly lookup: MacroLookup;
  /** Macros being expanded. */
  private readonly active: string[] = [];
  private produced = 0;

  constructor(lookup: MacroLookup) {
    this.lookup = lookup;
  }

  /** @throws ExpansionLimit */
  expandInvocation(macro: Macro, name: Token, parameterValues: readonly (readonly Token[])[]): readonly Token[] {
    if (this.active.length === 0) this.produced = 0;
    const replaced = this.substitute(macro, macro.name === "offsetof" ? withPlainMember(parameterValues) : parameterValues);
    this.produced += replaced.length;
    if (this.produced > mostTokens || this.active.length > deepestExpansion) {
      this.active.length = 0;
      throw new ExpansionLimit(macro.name);
    }
    this.active.push(macro.name);
    const expanded = this.expand(replaced);
    this.active.pop();
    return withSpacing(expanded, name.spaced);
  }

  /** Expands every invocation that lies wholly inside the tokens. */
  expand(tokens: readonly Token[]): readonly Token[] {
    if (!tokens.some((token) => token.kind === TokenKind.Identifier && this.macroFor(token) !== undefined)) return this.painted(tokens);
    const out: Token[] = [];
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] as Token;
      const macro = token.kind === TokenKind.Identifier ? this.macroFor(token) : undefined;
      if (macro === undefined) {
        out.push(this.paint(token));
        continue;
      }
      if (macro.parameters === undefined) {
        append(out, this.expandInvocation(macro, token, []));
        continue;
      }
      const read = tokens[at + 1]?.text === "(" ? readArguments(tokens, at + 1) : undefined;
      if (read === undefined) out.push(token);
      else {
        append(out, this.expandInvocation(macro, token, fitArguments(macro, read.values)));
        at = read.end;
      }
    }
    return out;
  }

  private macroFor(token: Token): Macro | undefined {
    if (token.painted || this.active.includes(token.text)) return undefined;
    const macro = this.lookup(token.text);
    return macro === undefined || macro.isConstant ? undefined : macro;
  }

  private painted(tokens: readonly Token[]): readonly Token[] {
    return tokens.some((token) => this.active.includes(token.text)) ? tokens.map((token) => this.paint(token)) : tokens;
  }

  private paint(token: Token): Token {
    return !token.painted && this.active.includes(token.text) ? { ...token, painted: true } : token;
  }

  private substitute(macro: Macro, values: readonly (readonly Token[])[]): readonly Token[] {
    const { body, parameters } = macro;
    if (parameters === undefined && !body.some(({ text }) => text === "#")) return body;
    const context: Substitution = { body, values, parameters: parameters ?? [], isVariadic: macro.isVariadic, expanded: [] };
    const out: Token[] = [];
    for (let at = 0; at < body.length; at++) at = this.substituteOne(context, at, out);
    return out;
  }

  /** @returns index of the last token used */
  private substituteOne(context: Substitution, at: number, out: Token[]): number {
    const { body, values } = context;
    const token = body[at] as Token;
    if (isPaste(body, at)) return this.paste(context, at + 2, out);
    if (token.text === "#" && parameterAt(context, at + 1) >= 0) {
      out.push(stringify(token, values[parameterAt(context, at + 1)] ?? []));
      return at + 1;
    }
    const parameter = parameterAt(context, at);
    if (parameter < 0) out.push(token);
    else if (isPaste(body, at + 1)) append(out, withSpacing(values[parameter] ?? [], token.spaced));
    else append(out, withSpacing(this.expandedValue(context, parameter), token.spaced));
    return at;
  }

  private expandedValue(context: Substitution, parameter: number): readonly Token[] {
    return (context.expanded[parameter] ??= this.expand(context.values[parameter] ?? []));
  }

  /** `left ## right`, the left side being written already. */
  private paste(context: Substitution, at: number, out: Token[]): number {
    const right = context.body[at];
    if (right === undefined) return at;
    const parameter = parameterAt(context, at);
    const tokens = parameter < 0 ? [right] : (context.values[parameter] ?? []);
    const isVariablePart = context.isVariadic && parameter === context.parameters.length - 1;
    // GNU: the comma goes when nothing follows it.
    if (isVariablePart && out.at(-1)?.text === ",") {
      if (tokens.length === 0) out.pop();
      else append(out, this.expandedValue(context, parameter));
    } else if (isEmptyValue(context, at - 3)) append(out, withSpacing(tokens, context.body[at - 3]?.spaced ?? false));
    else join(out, tokens);
    return at;
  }
}

/** Whether a parameter without tokens stands there: there is nothing to paste to. */
function isEmptyValue(context: Substitution, at: number): boolean {
  const parameter = parameterAt(context, at);
  return parameter >= 0 && (context.values[parameter] ?? []).length === 0;
}

interface Substitution {
  readonly body: readonly Token[];
  readonly parameters: readonly string[];
  readonly isVariadic: boolean;
  readonly values: readonly (readonly Token[])[];
  /** Values after expansion, made once. */
  readonly expanded: (readonly Token[])[];
}

function parameterAt({ body, parameters }: Substitution, at: number): number {
  const token = body[at];
  return token?.kind === TokenKind.Identifier ? parameters.indexOf(token.text) : -1;
}

/** "##" comes from the scanner as two tokens. */
function isPaste(body: readonly Token[], at: number): boolean {
  return body[at]?.text === "#" && body[at + 1]?.text === "#" && !(body[at + 1] as Token).spaced;
}

function join(out: Token[], tokens: readonly Token[]): void {
  const left = out.pop();
  const [right, ...rest] = tokens;
  if (left === undefined || right === undefined) append(out, left === undefined ? tokens : [left]);
  else {
    const text = left.text + right.text;
    const scanner = new Scanner(text, 0, text.length, "tokens");
    scanner.next();
    out.push({ ...left, text, kind: scanner.kind, painted: false });
    append(out, rest);
  }
}

function stringify(at: Token, tokens: readonly Token[]): Token {
  const text = tokens.map((token, index) => (token.spaced && index > 0 ? " " : "") + token.text.replaceAll(/["\\]/g, quoted(token))).join("");
  return { ...at, kind: TokenKind.Text, text: `"${text}"` };
}

function quoted({ kind }: Token): string {
  return kind === TokenKind.Text ? "\\$&" : "$&";
}

function withSpacing(tokens: readonly Token[], spaced: boolean): readonly Token[] {
  const [first] = tokens;
  return first === undefined || first.spaced === spaced ? tokens : [{ ...first, spaced }, ...tokens.slice(1)];
}

/** The grammar knows `offsetof` of a plain member only: of `a.b[0]` the `a` is kept. */
function withPlainMember([type = [], member = []]: readonly (readonly Token[])[]): readonly (readonly Token[])[] {
  return [type, member.slice(0, 1)];
}

/** Not `push(...tokens)`: a large table is more than a call can take. */
function append(out: Token[], tokens: readonly Token[]): void {
  for (const token of tokens) out.push(token);
}

/** @param open index of the opening parenthesis. @returns the arguments and the index of the closing one; undefined when there is none */
function readArguments(tokens: readonly Token[], open: number): { readonly values: Token[][]; readonly end: number } | undefined {
  const collector = new ArgumentCollector();
  for (let at = open + 1; at < tokens.length; at++) {
    if (collector.take(tokens[at] as Token)) return { values: collector.values, end: at };
  }
  return undefined;
}

/** Splits what stands between parentheses at its outer commas. */
export class ArgumentCollector {
  readonly values: Token[][] = [[]];
  private depth = 0;

  /** @returns true at the closing parenthesis */
  take(token: Token): boolean {
    if (token.kind === TokenKind.Punctuator) {
      const { text } = token;
      if (text === "(") this.depth++;
      else if (text === ")" && this.depth-- === 0) return true;
      else if (text === "," && this.depth === 0) {
        this.values.push([]);
        return false;
      }
    }
    (this.values.at(-1) as Token[]).push(token);
    return false;
  }
}

/** As many values as parameters: the variable part takes all that are left, with their commas. */
export function fitArguments({ parameters = [], isVariadic }: Macro, values: readonly Token[][]): readonly (readonly Token[])[] {
  if (!isVariadic || values.length <= parameters.length) return values;
  const fixed = parameters.length - 1;
  const rest: Token[] = [];
  for (const [index, value] of values.slice(fixed).entries()) {
    if (index > 0) rest.push(commaBefore(value, values));
    append(rest, value);
  }
  return [...values.slice(0, fixed), rest];
}

function commaBefore(value: readonly Token[], values: readonly Token[][]): Token {
  const near = value[0] ?? values.flat()[0];
  return { kind: TokenKind.Punctuator, text: ",", spaced: false, file: near?.file ?? 0, offset: near?.offset ?? 0, painted: false };
}
