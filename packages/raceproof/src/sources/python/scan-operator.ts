// Operators and brackets, one to three bytes long.
// What enters: a lexer standing on an operator character. What leaves: its token, and the bracket depth kept.

import { Byte, isDigit } from "./byte-class.ts";
import { PythonOperator as Operator } from "./kinds.ts";
import type { Lexer } from "./lexer.ts";
import { scanNumber } from "./scan-number.ts";
import { firstAugmentedAssignment, Token } from "./token.ts";

/** CPython's MAXLEVEL (Parser/lexer/state.h). */
export const deepestBrackets = 200;

const bracketStep = new Int8Array(256);
for (const open of [Token.OpenParenthesis, Token.OpenBracket, Token.OpenBrace]) bracketStep[open] = 1;
for (const close of [Token.CloseParenthesis, Token.CloseBracket, Token.CloseBrace]) bracketStep[close] = -1;

/** Token of an operator character that is followed by "=". */
const followedByEqual = new Uint8Array(256);
/** Token of an operator character that is written twice, and of that followed by "=". */
const doubled = new Uint8Array(256);
const doubledThenEqual = new Uint8Array(256);
for (const [character, token] of [
  [Token.Less, Token.LessEqual],
  [Token.Greater, Token.GreaterEqual],
  [Token.Equal, Token.DoubleEqual],
  [Token.Exclamation, Token.NotEqual],
  [Token.Colon, Token.Walrus],
] as const) {
  followedByEqual[character] = token;
}
for (const [character, operator] of [
  [Token.Plus, Operator.Add],
  [Token.Minus, Operator.Sub],
  [Token.Star, Operator.Mult],
  [Token.Slash, Operator.Div],
  [Token.Percent, Operator.Mod],
  [Token.At, Operator.MatMult],
  [Token.Ampersand, Operator.BitAnd],
  [Token.Bar, Operator.BitOr],
  [Token.Caret, Operator.BitXor],
] as const) {
  followedByEqual[character] = firstAugmentedAssignment + operator;
}
for (const [character, token, operator] of [
  [Token.Star, Token.DoubleStar, Operator.Pow],
  [Token.Slash, Token.DoubleSlash, Operator.FloorDiv],
  [Token.Less, Token.LeftShift, Operator.LShift],
  [Token.Greater, Token.RightShift, Operator.RShift],
] as const) {
  doubled[character] = token;
  doubledThenEqual[character] = firstAugmentedAssignment + operator;
}

export function scanOperator(lexer: Lexer, character: number): void {
  const { source, position } = lexer;
  const second = source[position + 1]!;
  if (second === Byte.equal && followedByEqual[character] !== 0 && !isFormatColon(lexer, character)) {
    lexer.accept(followedByEqual[character]!, position + 2);
  } else if (second === character && doubled[character] !== 0) {
    if (source[position + 2] === Byte.equal) lexer.accept(doubledThenEqual[character]!, position + 3);
    else lexer.accept(doubled[character]!, position + 2);
  } else if (character === Token.Dot) {
    scanDot(lexer, second);
  } else if (character === Token.Minus && second === Token.Greater) {
    lexer.accept(Token.Arrow, position + 2);
  } else {
    lexer.accept(character, position + 1);
    if (bracketStep[character] !== 0) countBracket(lexer, bracketStep[character]!);
  }
}

/** In a replacement field, outside of further brackets, ":=" is the colon of a format specification and its first byte. */
function isFormatColon(lexer: Lexer, character: number): boolean {
  return character === Token.Colon && lexer.fieldDepth > 0 && lexer.depth === lexer.fieldDepth;
}

function countBracket(lexer: Lexer, step: number): void {
  if (step > 0 && lexer.depth >= deepestBrackets) lexer.invalid(lexer.position, "too many nested brackets");
  else lexer.depth = Math.max(0, lexer.depth + step);
}

function scanDot(lexer: Lexer, second: number): void {
  const { position } = lexer;
  if (second === Byte.dot && lexer.source[position + 2] === Byte.dot) lexer.accept(Token.Ellipsis, position + 3);
  else if (isDigit[second] === 1) scanNumber(lexer);
  else lexer.accept(Token.Dot, position + 1);
}
