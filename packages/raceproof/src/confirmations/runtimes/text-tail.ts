// Keeps the end of a text of any length in bounded memory.

/** The last `limit` bytes of everything added; what was lost is said in front. */
export class TextTail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    const part = chunk.length > this.#limit ? Buffer.from(chunk.subarray(chunk.length - this.#limit)) : chunk;
    this.#chunks.push(part);
    this.#kept += part.length;
    this.#total += chunk.length;
    while (this.#kept - (this.#chunks[0]?.length ?? 0) >= this.#limit) this.#kept -= this.#chunks.shift()?.length ?? 0;
  }

  text(): string {
    const all = Buffer.concat(this.#chunks);
    const tail = all.subarray(Math.max(0, all.length - this.#limit));
    const lost = this.#total - tail.length;
    return `${lost > 0 ? `[${lost} bytes left out]\n` : ""}${tail.toString("utf8")}`;
  }
}
