// Interning: one id per name, stable as the table grows, and keywords at the ids the tokens count on.
import { describe, expect, it } from "vitest";
import { ByteNameTable } from "./byte-name-table.ts";
import { firstKeyword, hardKeywords, SoftKeyword, Token } from "./token.ts";

describe("ByteNameTable", () => {
  it("gives a text one id, from bytes or from text", () => {
    const table = new ByteNameTable();
    const bytes = new TextEncoder().encode("x = h\u00e9llo");
    const id = table.intern("h\u00e9llo");
    expect(table.internBytes(bytes, 4, bytes.length)).toBe(id);
    expect(table.text(id)).toBe("h\u00e9llo");
    expect(table.intern("hello")).not.toBe(id);
  });

  it("has no name at 0 and beyond its end", () => {
    const table = new ByteNameTable();
    expect(table.intern("")).toBe(0);
    expect(table.text(0)).toBe("");
    expect(table.text(1_000_000)).toBe("");
  });

  it("keeps its ids as it grows", () => {
    const table = new ByteNameTable();
    const names = Array.from({ length: 20_000 }, (_, index) => `name_${index}_${"x".repeat(index % 17)}`);
    const ids = names.map((name) => table.intern(name));
    expect(new Set(ids).size).toBe(names.length);
    expect(names.map((name) => table.intern(name))).toEqual(ids);
    expect(ids.map((id) => table.text(id))).toEqual(names);
  });

  it("has keywords where the token numbers expect them", () => {
    const table = new ByteNameTable();
    expect(hardKeywords.map((word) => firstKeyword + table.intern(word))).toEqual(hardKeywords.map((word) => tokenNamed(word)));
    expect(["_", "case", "match", "type", "*"].map((word) => table.intern(word))).toEqual(Object.values(SoftKeyword));
  });
});

function tokenNamed(keyword: string): number {
  return Token[`${keyword[0]!.toUpperCase()}${keyword.slice(1)}` as keyof typeof Token];
}
