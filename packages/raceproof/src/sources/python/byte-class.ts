// What a single source byte can begin, as lookup tables for the lexer's inner loops.
// What enters: nothing. What leaves: constants. Bytes above 127 count as letters here; the lexer checks them as Unicode.

export const ByteClass = { other: 0, letter: 1, digit: 2, quote: 3, newline: 4, operator: 5 } as const;

export const byteClassOf: Uint8Array = new Uint8Array(256);
/** 1 for a byte that can continue an identifier. */
export const isWordByte: Uint8Array = new Uint8Array(256);
/** 1 for a decimal digit. */
export const isDigit: Uint8Array = new Uint8Array(256);

export const Byte = {
  nul: 0,
  tab: 9,
  lineFeed: 10,
  formFeed: 12,
  carriageReturn: 13,
  space: 32,
  exclamation: 33,
  doubleQuote: 34,
  hash: 35,
  singleQuote: 39,
  dot: 46,
  zero: 48,
  colon: 58,
  equal: 61,
  upperN: 78,
  backslash: 92,
  underscore: 95,
  lowerE: 101,
  openBrace: 123,
  closeBrace: 125,
} as const;

function mark(table: Uint8Array, characters: string, value: number): void {
  for (const character of characters) table[character.charCodeAt(0)] = value;
}

mark(byteClassOf, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", ByteClass.letter);
byteClassOf.fill(ByteClass.letter, 128);
mark(byteClassOf, "0123456789", ByteClass.digit);
mark(byteClassOf, "'\"", ByteClass.quote);
mark(byteClassOf, "\n\r", ByteClass.newline);
mark(byteClassOf, "!%&()*+,-./:;<=>@[]^{|}~", ByteClass.operator);
mark(isDigit, "0123456789", 1);
for (let byte = 0; byte < 256; byte++) {
  if (byteClassOf[byte] === ByteClass.letter || byteClassOf[byte] === ByteClass.digit) isWordByte[byte] = 1;
}
