// A text whose parts are replaced by others of the same length, so that every offset stays what it was.
// What enters: a text and the changes. What leaves: the changed text. Ends of lines, and the backslashes that join them, are never touched.

export class MaskedText {
  private readonly bytes: Buffer;

  constructor(text: string) {
    this.bytes = Buffer.from(text, "latin1");
  }

  blank(start: number, end: number): void {
    for (let at = start; at < end; at++) if (!this.isLineEnd(at)) this.bytes[at] = 32;
  }

  private isLineEnd(at: number): boolean {
    const [byte, next] = [this.bytes[at], this.bytes[at + 1]];
    return byte === 10 || byte === 13 || (byte === 92 && (next === 10 || next === 13));
  }

  /** Writes a word over what begins there; what is left up to `end` becomes blank. A word that is too long is cut. */
  write(word: string, start: number, end: number): void {
    this.blank(start, end);
    this.bytes.write(word.slice(0, end - start), start, "latin1");
  }

  finish(): Uint8Array {
    return this.bytes;
  }
}
