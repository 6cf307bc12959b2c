// Values of plain strings: prefixes, escapes, concatenation.
import { describe, expect, it } from "vitest";
import { createNameTable } from "./byte-name-table.ts";
import { PythonKind } from "./kinds.ts";
import { parsePython } from "./parse-python.ts";
import { stringValueOf } from "./string-value.ts";

function valueOf(literal: string): string | undefined {
  const tree = parsePython(new TextEncoder().encode(`x = (${literal})`), createNameTable());
  return stringValueOf(tree, tree.kind.indexOf(PythonKind.Constant));
}

describe("stringValueOf", () => {
  it.each([
    [`'a"b'`, `a"b`],
    [`""`, ""],
    [`"""a\n"b" """`, `a\n"b" `],
    [`'a' # one\n  u"b"\n R'\\n'`, "ab\\n"],
    [String.raw`'\x41\101\u00e9\U0001F600\t\\\'\q'`, "AA\u00e9\u{1F600}\t\\'\\q"],
    [String.raw`'\0\18'`, "\0\u00018"],
    ["'a\\\nb'", "ab"],
    ["'''a\r\nb\rc\\\r\nd'''", "a\nb\ncd"],
    ["r'''a\\\r\nb'''", "a\\\nb"],
    ["'\u00e9\ufeff'", "\u00e9\ufeff"],
  ])("decodes %j", (literal, value) => {
    expect(valueOf(literal)).toBe(value);
  });

  it("knows no character names", () => {
    expect(valueOf(String.raw`'\N{DIGIT ONE}'`)).toBeUndefined();
    expect(valueOf(String.raw`'\\N{DIGIT ONE}'`)).toBe("\\N{DIGIT ONE}");
  });

  it("is for str constants only", () => {
    expect(valueOf("b'a'")).toBeUndefined();
    expect(valueOf("1")).toBeUndefined();
  });
});
