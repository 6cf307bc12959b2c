// The value of the expression behind `#if`.
// What enters: its tokens and the macros known there. What leaves: a number; names that are no macros are 0, as the standard says.
// Numbers are JavaScript's, exact up to 2^53: enough for versions and sizes, not for exact 64-bit wrap-around.
import { ArgumentCollector, Expander, ExpansionLimit, fitArguments, type MacroLookup } from "./expand-macro.ts";
import type { Token } from "./macro.ts";
import { TokenKind } from "./scanner.ts";

const deepestNesting = 60;

/** @returns 0 for what is not an expression */
export function evaluateCondition(tokens: readonly Token[], lookup: MacroLookup): number {
  return new Evaluation(tokens, lookup, 0).run();
}

const precedences: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "|": 3,
  "^": 4,
  "&": 5,
  "==": 6,
  "!=": 6,
  "<": 7,
  ">": 7,
  "<=": 7,
  ">=": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
};

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  "||": (left, right) => Number(left !== 0 || right !== 0),
  "&&": (left, right) => Number(left !== 0 && right !== 0),
  "|": (left, right) => Number(BigInt(left) | BigInt(right)),
  "^": (left, right) => Number(BigInt(left) ^ BigInt(right)),
  "&": (left, right) => Number(BigInt(left) & BigInt(right)),
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "<": (left, right) => Number(left < right),
  ">": (left, right) => Number(left > right),
  "<=": (left, right) => Number(left <= right),
  ">=": (left, right) => Number(left >= right),
  "<<": (left, right) => left * 2 ** right,
  ">>": (left, right) => Math.floor(left / 2 ** right),
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => Math.trunc(left / right),
  "%": (left, right) => left % right,
};

class Evaluation {
  private readonly tokens: readonly Token[];
  private readonly lookup: MacroLookup;
  private readonly nesting: number;
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[], lookup: MacroLookup, nesting: number) {
    this.tokens = tokens;
    this.lookup = lookup;
    this.nesting = nesting;
  }

  run(): number {
    if (this.nesting > deepestNesting || this.tokens.length === 0) return 0;
    return this.conditional();
  }

  private conditional(): number {
    if (++this.depth > deepestNesting) return 0;
    const condition = this.binary(0);
    this.depth--;
    if (!this.skip("?")) return condition;
    const consequence = this.conditional();
    this.skip(":");
    const alternative = this.conditional();
    return condition === 0 ? alternative : consequence;
  }

  private binary(above: number): number {
    let left = this.unary();
    for (;;) {
      const operator = this.operator();
      const precedence = precedences[operator] ?? 0;
      if (precedence <= above) return left;
      this.at += operator.length;
      left = finite(operations[operator]?.(left, this.binary(precedence)) ?? 0);
    }
  }

  /** Operators come as single characters; two written side by side are one. */
  private operator(): string {
    const first = this.tokens[this.at];
    const second = this.tokens[this.at + 1];
    if (first === undefined) return "";
    const both = second === undefined || second.spaced ? "" : first.text + second.text;
    return both in precedences ? both : first.text;
  }

  private unary(): number {
    if (++this.depth > deepestNesting) return 0;
    const value = this.unaryBelow();
    this.depth--;
    return value;
  }

  private unaryBelow(): number {
    const token = this.tokens[this.at++];
    if (token === undefined) return 0;
    switch (token.text) {
      case "(":
        return this.parenthesized();
      case "!":
        return Number(this.unary() === 0);
      case "-":
        return -this.unary();
      case "+":
        return this.unary();
      case "~":
        return Number(~BigInt(this.unary()));
      default:
        return this.primary(token);
    }
  }

  private parenthesized(): number {
    const value = this.conditional();
    this.skip(")");
    return value;
  }

  private primary(token: Token): number {
    if (token.kind === TokenKind.Number) return finite(Number(token.text.replaceAll("'", "").replace(/(?<=\d|[xX][\da-fA-F]+)[uUlLzZ]+$/, "")));
    if (token.kind === TokenKind.Text) return token.text.charCodeAt(1);
    if (token.kind !== TokenKind.Identifier) return 0;
    return token.text === "defined" ? this.defined() : this.named(token);
  }

  private defined(): number {
    const parenthesized = this.skip("(");
    const name = this.tokens[this.at++]?.text ?? "";
    if (parenthesized) this.skip(")");
    return Number(this.lookup(name) !== undefined);
  }

  private named(token: Token): number {
    const macro = this.lookup(token.text);
    const hasArguments = this.tokens[this.at]?.text === "(";
    if (macro === undefined || (macro.parameters !== undefined && !hasArguments)) {
      if (hasArguments) this.readArguments();
      return Number(token.text === "true");
    }
    if (macro.parameters === undefined) return new Evaluation(macro.body, this.lookup, this.nesting + 1).run();
    try {
      const values = fitArguments(macro, this.readArguments());
      return new Evaluation(new Expander(this.lookup).expandInvocation(macro, token, values), this.lookup, this.nesting + 1).run();
    } catch (error) {
      if (error instanceof ExpansionLimit) return 0;
      throw error;
    }
  }

  private readArguments(): Token[][] {
    const collector = new ArgumentCollector();
    this.at++;
    while (this.at < this.tokens.length && !collector.take(this.tokens[this.at++] as Token));
    return collector.values;
  }

  private skip(text: string): boolean {
    if (this.tokens[this.at]?.text !== text) return false;
    this.at++;
    return true;
  }
}

/** Division by zero and numbers that are none count as 0; operations on bits need whole numbers. */
function finite(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) : 0;
}
