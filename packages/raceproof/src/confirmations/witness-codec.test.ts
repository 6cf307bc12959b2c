// Witness text: round trips, the promise of its form, and one clear line for everything that is not a witness.
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError, type Witness } from "../vocabulary/index.ts";
import { decodeWitness, encodeWitness, renderWitness } from "./witness-codec.ts";

const witness: Witness = {
  schemaVersion: 2,
  subject: "package==1.0",
  instrument: ["package"],
  sources: { "package.mod": "0123456789abcdef" },
  driver: { name: "driver.py", source: "def operation_a(): pass\ndef operation_b(): pass\n# ä\n" },
  plan: [
    { thread: 0, until: { site: "package.mod:Cls.method:write:self.value", occurrence: 1 } },
    { thread: 1, until: null },
  ],
  failure: { kind: "exception", summary: "IndexError@package.mod:Cls.method" },
  outcome: { id: "0123456789abcdef", threads: [{ operations: [{ status: "returned", value: "1" }] }], state: "state", ending: "finished", detail: "" },
  serial: [{ order: [0, 1], threads: [{ operations: [{ status: "returned", value: "2" }] }], state: "other" }],
  trace: [{ thread: 0, site: "@operation", file: "", line: 0, object: 0, name: null }],
  runtime: "cpython-3.12.1",
  preemptions: 1,
};

/** What the string keeps of it. */
const lean: Witness = { ...witness, outcome: { ...witness.outcome, threads: [], state: "" }, serial: [], trace: [] };

function pack(value: unknown): string {
  return `rp1.${deflateRawSync(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url")}`;
}

function messageOf(text: string): string {
  try {
    decodeWitness(text);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return "";
}

describe("a witness file", () => {
  it("keeps everything", () => {
    expect(decodeWitness(renderWitness(witness))).toEqual(witness);
    expect(renderWitness(witness)).toMatch(/^\{\n {2}"schemaVersion": 2,\n[\s\S]*\n\}\n$/);
  });
});

describe("a witness string", () => {
  it("is one line and keeps what a replay needs", () => {
    const text = encodeWitness(witness);
    expect(text).toMatch(/^rp2\.[\w-]+$/);
    expect(decodeWitness(`  ${text}\n`)).toEqual(lean);
  });

  it("of version 1 is read for ever", () => {
    // The string is a promise: a change of its form breaks this test on purpose.
    const published =
      "rp1.bZHdihQxEIVfZTjeKMRmetffwIIgXvgC3swOUpNUb8dNKk0lWXcY5m18E19M0q4OgnehDjn1fckJxc2c6AtrCVlgR4PSDt_YVVgs5O7pjm9uxmELgyClakssFXb3J8TewGt4YIU9QSgx7NNgWI4wKLmpW4c8bfLCSjVk-UrPX9jNQqXcyr_B4RI82_z8cSs4GyyRBHZ3Qp2VycNuDZrUEPvSEipfaIeUvf0Yy5C4ztnb7xoq28JxGh4oNoZBdq6psnSs8Xw2l9rxb620GM97g4lCbMp9z30QDwt-dLx01C7XUiI9wuKzeH78pJr1w_9BukZu1eW0loVetR2vrl-9fvP23Xs6OM8TzBNJgd3tDUqlVQ0GLD7IHSymIKHM7GHguVJnRe8urIHi73tVqbv1o3af9VPccqxzlpfXw3g1jDBYlDmtJqW_wy8";
    expect(decodeWitness(published)).toEqual({ ...lean, sources: {} });
  });

  it("survives any driver text and any site", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 1e6 }), (source, site, occurrence) => {
        const changed: Witness = {
          ...witness,
          driver: { name: "d", source: Buffer.from(source).toString() },
          plan: [{ thread: 1, until: { site, occurrence } }],
        };
        const decoded = decodeWitness(encodeWitness(changed));
        expect([decoded.driver, decoded.plan]).toEqual([changed.driver, changed.plan]);
      }),
    );
  });

  it.each([
    ["", "it is empty"],
    ["hello", "it begins neither with { nor with rp2."],
    ["rp3.abc", "the witness string is of version 3"],
    ["rp1.ab cd", 'character " " at position 7'],
    ["rp1.AAAA", "it is cut off or damaged"],
    [pack("nonsense"), "the witness string is not JSON"],
    ["{]", "the witness file is not JSON"],
    ["[1]", "it begins neither"],
    [pack("[1]"), "it is not an object"],
    [pack("x".repeat(40 * 1024 * 1024)), "it is too large"],
    [JSON.stringify({ ...witness, schemaVersion: 3 }), "its schemaVersion is 3, not 1 or 2"],
    [JSON.stringify({ ...witness, sources: undefined }), "its field sources is not what it should be"],
    [JSON.stringify({ ...witness, plan: [] }), "its field plan is not what it should be"],
    [JSON.stringify({ ...witness, plan: [{ thread: 0, until: { site: "s", occurrence: 0 } }] }), "its field plan is not what it should be"],
    [JSON.stringify({ ...witness, driver: undefined }), "its field driver is missing"],
    [JSON.stringify({ ...witness, failure: { kind: "other", summary: "" } }), "its field failure is not what it should be"],
  ])("that is %.20s is refused in one line", (text, message) => {
    expect(messageOf(text)).toContain(message);
    expect(messageOf(text)).not.toContain("\n");
  });

  it("cut anywhere or changed anywhere is refused or decodes to a witness, and never throws anything else", () => {
    const text = encodeWitness(witness);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), fc.constantFrom(..."Aa0-_ é"), (position, character) => {
        messageOf(text.slice(0, position));
        messageOf(text.slice(0, position) + character + text.slice(position + 1));
      }),
      { numRuns: 500 },
    );
    expect(messageOf(text.slice(0, -3))).not.toBe("");
  });
});
