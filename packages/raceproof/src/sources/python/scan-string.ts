// String tokens: their prefixes, and the whole text of plain strings (an f-string's token is only its opening quote).
// What enters: a lexer and the place of the quote. What leaves: its String, FormattedString or Invalid token.

import { Byte, ByteClass, byteClassOf } from "./byte-class.ts";
import type { Lexer } from "./lexer.ts";
import { Token } from "./token.ts";

/** Bits of Lexer.literal for string tokens. */
export const StringPrefix = { raw: 1, bytes: 2, unicode: 4, formatted: 8, template: 16 } as const;

/** Longest prefix in letters. */
export const prefixLetterLimit = 2;

const prefixBits = new Map<number, number>([
  [114, StringPrefix.raw],
  [98, StringPrefix.bytes],
  [117, StringPrefix.unicode],
  [102, StringPrefix.formatted],
  [116, StringPrefix.template],
]);

const legalPrefixes: ReadonlySet<number> = new Set<number>([
  StringPrefix.raw,
  StringPrefix.bytes,
  StringPrefix.unicode,
  StringPrefix.formatted,
  StringPrefix.template,
  StringPrefix.raw | StringPrefix.bytes,
  StringPrefix.raw | StringPrefix.formatted,
  StringPrefix.raw | StringPrefix.template,
]);

/** Prefix bits of the letters in source[start..end), or -1 when they are no string prefix. */
export function stringPrefixOf(source: Uint8Array, start: number, end: number): number {
  let bits = 0;
  for (let at = start; at < end; at++) {
    const bit = prefixBits.get(source[at]! | 32);
    if (bit === undefined || (bits & bit) !== 0) return -1;
    bits |= bit;
  }
  return legalPrefixes.has(bits) ? bits : -1;
}

/** Reads a string token whose opening quote is at `quoteAt`. */
export function scanString(lexer: Lexer, quoteAt: number, prefix: number): void {
  const { source } = lexer;
  const quote = source[quoteAt]!;
  const isTriple = source[quoteAt + 1] === quote && source[quoteAt + 2] === quote;
  const bodyStart = isTriple ? quoteAt + 3 : quoteAt + 1;
  lexer.literal = prefix;
  if ((prefix & (StringPrefix.formatted | StringPrefix.template)) !== 0) {
    lexer.accept(Token.FormattedString, bodyStart);
    return;
  }
  const end = isTriple ? endOfTriple(lexer, bodyStart, quote) : endOfSingle(lexer, bodyStart, quote);
  if (end < 0) lexer.invalid(-end, "unterminated string literal");
  else lexer.accept(Token.String, end);
  if ((prefix & StringPrefix.bytes) !== 0) checkAscii(lexer, bodyStart);
}

function checkAscii(lexer: Lexer, start: number): void {
  const { source, tokenEnd } = lexer;
  let at = start;
  while (at < tokenEnd && source[at]! < 128) at++;
  if (at < tokenEnd) lexer.report("bytes can only contain ASCII literal characters", at);
}

/** Position after the closing quotes, or minus the length of the source when there are none. */
function endOfTriple(lexer: Lexer, start: number, quote: number): number {
  const { source, length } = lexer;
  let at = start;
  while (at < length) {
    const character = source[at]!;
    if (character === quote && source[at + 1] === quote && source[at + 2] === quote) return at + 3;
    at += character === Byte.backslash ? 2 : 1;
  }
  return -length;
}

/** Position after the closing quote, or minus the end of the line when the string does not end on it. */
function endOfSingle(lexer: Lexer, start: number, quote: number): number {
  const { source, length } = lexer;
  let at = start;
  while (at < length) {
    const character = source[at]!;
    if (character === quote) return at + 1;
    if (character === Byte.backslash) {
      at += source[at + 1] === Byte.carriageReturn && source[at + 2] === Byte.lineFeed ? 3 : 2;
    } else if (byteClassOf[character] === ByteClass.newline) {
      return -at;
    } else {
      at++;
    }
  }
  return -length;
}
