// The end of any text, in bounded memory.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextTail } from "./text-tail.ts";

describe("a text tail", () => {
  it("is the whole text while it is short, else its last bytes and how many are missing", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 0, maxLength: 30, unit: fc.constantFrom(..."abc") })), fc.integer({ min: 1, max: 40 }), (chunks, limit) => {
        const tail = new TextTail(limit);
        for (const chunk of chunks) tail.add(Buffer.from(chunk));
        const text = chunks.join("");
        const lost = Math.max(0, text.length - limit);
        expect(tail.text()).toBe(lost === 0 ? text : `[${lost} bytes left out]\n${text.slice(lost)}`);
      }),
    );
  });
});
