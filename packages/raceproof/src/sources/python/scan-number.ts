// One number literal: integers in four bases, floats, imaginary numbers, underscores.
// What enters: a lexer standing on a digit or on the dot before one. What leaves: its Number (or Invalid) token.

import { Byte, isDigit, isWordByte } from "./byte-class.ts";
import { ConstantType } from "./kinds.ts";
import type { Lexer } from "./lexer.ts";
import { Token } from "./token.ts";

/** https://docs.python.org/3/reference/lexical_analysis.html#numeric-literals: whole part, fraction, exponent, imaginary unit. */
const decimalPattern = /^(\d(?:_?\d)*)?(\.(?:\d(?:_?\d)*)?)?([eE][+-]?\d(?:_?\d)*)?([jJ])?/;
const basedPattern = /^0(?:[xX](?:_?[\da-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/;
const leadingZerosPattern = /^0[0_]*[1-9]/;

/** Keywords that may follow a number directly (`1if x else 2`), as CPython's verify_end_of_number has it. */
const keywordsAfterNumber = /^(?:and|else|for|if|in|is|not|or)/;

export function scanNumber(lexer: Lexer): void {
  const { source, position } = lexer;
  let end = position;
  while (isDigit[source[end]!] === 1) end++;
  lexer.literal = ConstantType.Integer;
  const isPlain = isWordByte[source[end]!] === 0 && source[end] !== Byte.dot && (source[position] !== Byte.zero || end === position + 1);
  lexer.accept(Token.Number, isPlain ? end : scanUnusualNumber(lexer, end));
  if (!isPlain && isWordByte[source[lexer.position]!] === 1 && !keywordsAfterNumber.test(textAt(source, lexer.position, 4))) {
    lexer.invalid(endOfWord(source, lexer.position), "invalid number literal");
  }
}

/** Any number that is not just digits; gives its end and sets its type. */
function scanUnusualNumber(lexer: Lexer, endOfDigits: number): number {
  const { source, position } = lexer;
  const text = textAt(source, position, endOfNumberBytes(source, endOfDigits) - position);
  const based = basedPattern.exec(text)?.[0];
  if (based !== undefined) return position + based.length;
  const [decimal = "", whole = "", fraction, exponent, imaginary] = decimalPattern.exec(text) ?? [];
  if (imaginary !== undefined) lexer.literal = ConstantType.Complex;
  else if (fraction !== undefined || exponent !== undefined) lexer.literal = ConstantType.Float;
  else if (leadingZerosPattern.test(whole)) lexer.report("leading zeros in a decimal integer", position);
  return position + decimal.length;
}

/** Bytes that may belong to a number: words, dots, and the sign of an exponent. */
function endOfNumberBytes(source: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const character = source[at]!;
    const isSign = character === Token.Plus || character === Token.Minus;
    if (isWordByte[character] === 0 && character !== Byte.dot && !(isSign && (source[at - 1]! | 32) === Byte.lowerE)) return at;
    at++;
  }
}

function textAt(source: Uint8Array, start: number, length: number): string {
  return Buffer.from(source.buffer, source.byteOffset + start, length).toString("latin1");
}

function endOfWord(source: Uint8Array, start: number): number {
  let at = start;
  while (isWordByte[source[at]!] === 1) at++;
  return at;
}
