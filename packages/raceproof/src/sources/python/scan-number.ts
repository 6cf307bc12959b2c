// One number literal: integers in four bases, floats, imaginary numbers, underscores.
// What enters: a lexer standing on a digit or on the dot before one. What leaves: its Number (or Invalid) token.

import { Byte, isDigit, isWordByte } from "./byte-class.ts";
import { ConstantType } from "./kinds.ts";
import type { Lexer } from "./lexer.ts";
import { Token } from "./token.ts";

/** A bit that makes ASCII letters lower case. */
const lowerCase = 32;

const letterE = 101;
const letterJ = 106;

/** Digits of 0x, 0o and 0b literals by the letter. */
const digitsOfBase = new Map<number, RegExp>([
  [120, /[0-9a-f_]/i],
  [111, /[0-7_]/],
  [98, /[01_]/],
]);

/** Keywords that may follow a number directly (`1if x else 2`), as CPython's verify_end_of_number has it. */
const keywordsAfterNumber = /^(?:and|else|for|if|in|is|not|or)/;

export function scanNumber(lexer: Lexer): void {
  const { source, position } = lexer;
  const base = source[position] === Byte.zero ? digitsOfBase.get(source[position + 1]! | lowerCase) : undefined;
  let at = position;
  lexer.literal = ConstantType.Integer;
  if (base !== undefined) {
    at = position + 2;
    while (base.test(String.fromCharCode(source[at]!))) at++;
  } else {
    at = skipDigits(source, at);
    if (source[at] === Byte.dot || isWordByte[source[at]!] === 1) at = scanFraction(lexer, at);
  }
  if (isWordByte[source[at]!] === 1 && !endsBeforeKeyword(source, at)) {
    lexer.invalid(skipWord(source, at), "invalid number literal");
    return;
  }
  lexer.accept(Token.Number, at);
}

function skipDigits(source: Uint8Array, start: number): number {
  let at = start;
  while (isDigit[source[at]!] === 1 || source[at] === Byte.underscore) at++;
  return at;
}

function skipWord(source: Uint8Array, start: number): number {
  let at = start;
  while (isWordByte[source[at]!] === 1) at++;
  return at;
}

/** Fraction, exponent and imaginary unit after the whole digits. */
function scanFraction(lexer: Lexer, start: number): number {
  const { source } = lexer;
  let at = start;
  if (source[at] === Byte.dot) {
    lexer.literal = ConstantType.Float;
    at = skipDigits(source, at + 1);
  }
  if ((source[at]! | lowerCase) === letterE) {
    const sign = source[at + 1] === Token.Plus || source[at + 1] === Token.Minus ? 1 : 0;
    if (isDigit[source[at + 1 + sign]!] === 1) {
      lexer.literal = ConstantType.Float;
      at = skipDigits(source, at + 1 + sign);
    }
  }
  if ((source[at]! | lowerCase) === letterJ) {
    lexer.literal = ConstantType.Complex;
    at++;
  }
  return at;
}

function endsBeforeKeyword(source: Uint8Array, at: number): boolean {
  return keywordsAfterNumber.test(String.fromCharCode(...source.subarray(at, at + 4)));
}
