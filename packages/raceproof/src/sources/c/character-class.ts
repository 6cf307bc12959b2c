// What a byte can be at the beginning of a C token. What enters: nothing. What leaves: a table.

/** Letters come first, then digits, so that `<= digit` means "goes on a word". */
export const Class = { letter: 0, digit: 1, space: 2, newline: 3, quote: 4, other: 5 } as const;

/** Bytes above ASCII belong to identifiers, as in C23 and in every compiler. 256 is what lies behind the end. */
export const characterClass: Uint8Array = new Uint8Array(257).fill(Class.other);

for (let character = 0; character < 256; character++) {
  const text = String.fromCharCode(character);
  if (/[A-Za-z_$]/.test(text) || character >= 128) characterClass[character] = Class.letter;
  else if (/[0-9]/.test(text)) characterClass[character] = Class.digit;
  else if (/[ \t\v\f\r\0]/.test(text)) characterClass[character] = Class.space;
}
characterClass[10] = Class.newline;
characterClass[34] = Class.quote;
characterClass[39] = Class.quote;
