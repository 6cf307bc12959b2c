// Identifiers, keywords, and the prefixes of strings.
// What enters: a lexer standing on a letter. What leaves: its Name, keyword or string token.

import { ByteClass, byteClassOf, isWordByte } from "./byte-class.ts";
import { hashStep } from "./byte-name-table.ts";
import type { Lexer } from "./lexer.ts";
import { prefixLetterLimit, scanString, stringPrefixOf } from "./scan-string.ts";
import { firstKeyword, hardKeywords, Token } from "./token.ts";

const keywordCount = hardKeywords.length;
const identifierPattern = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const decoder = new TextDecoder();

export function scanWord(lexer: Lexer): void {
  const { source, position } = lexer;
  let at = position;
  let hash = 0;
  let allBits = 0;
  let character = source[at]!;
  do {
    hash = hashStep(hash, character);
    allBits |= character;
    character = source[++at]!;
  } while (isWordByte[character] === 1);
  if (byteClassOf[character] === ByteClass.quote && at - position <= prefixLetterLimit) {
    const prefix = stringPrefixOf(source, position, at);
    if (prefix > 0) {
      scanString(lexer, at, prefix);
      return;
    }
  }
  const name = allBits < 128 ? lexer.names.internHashed(source, position, at, hash) : internUnicodeWord(lexer, at);
  lexer.tokenName = name;
  lexer.accept(name <= keywordCount && allBits < 128 ? firstKeyword + name : Token.Name, at);
}

/** Identifiers are compared in NFKC (https://docs.python.org/3/reference/lexical_analysis.html#identifiers). */
function internUnicodeWord(lexer: Lexer, end: number): number {
  const text = decoder.decode(lexer.source.subarray(lexer.position, end)).normalize("NFKC");
  if (!identifierPattern.test(text)) lexer.report("invalid character in identifier", lexer.position);
  return lexer.names.intern(text);
}
