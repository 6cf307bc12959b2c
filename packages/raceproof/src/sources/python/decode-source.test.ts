// Encodings: cookies and byte order marks as PEP 263 has them, and offsets that belong to the decoded text.
import { describe, expect, it } from "vitest";
import { nameOf } from "../syntax-tree.ts";
import { createNameTable } from "./byte-name-table.ts";
import { decodeSource } from "./decode-source.ts";
import { PythonKind } from "./kinds.ts";
import { parsePython } from "./parse-python.ts";
import { stringValueOf } from "./string-value.ts";

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
const textOf = (source: Uint8Array): string => Buffer.from(decodeSource(source).bytes).toString("utf8");
const messagesOf = (source: Uint8Array): string[] => decodeSource(source).problems.map(({ message }) => message);

describe("decodeSource", () => {
  it("leaves UTF-8 as it is", () => {
    const source = Buffer.from("# coding: utf-8\nx = '\u00e9'");
    expect(decodeSource(source).bytes).toBe(source);
  });

  it.each([
    ["# -*- coding: latin-1 -*-\n'\xe9\x80'", "\u00e9\u0080"],
    ["#!/usr/bin/python\n# vim: set fileencoding=iso-8859-15 :\n'\xa4'", "\u20ac"],
    ["# coding: koi8-r\n'\xc1'", "\u0430"],
    ["\n# coding=cp1252\n'\x80'", "\u20ac"],
    ["# coding: euc_jp\n'\xa4\xa2'", "\u3042"],
    ["# coding: mac_roman\r'\x8e'", "\u00e9"],
  ])("understands %j", (source, text) => {
    expect(textOf(latin1(source))).toContain(`'${text}'`);
  });

  it("looks for a cookie on two lines, the second only after a comment", () => {
    expect(textOf(latin1("x\n# coding: latin-1\n'\xe9'"))).not.toContain("\u00e9");
    expect(textOf(latin1("#\n#\n# coding: latin-1\n'\xe9'"))).not.toContain("\u00e9");
  });

  it("reports what it cannot decode", () => {
    expect(messagesOf(latin1("# coding: klingon\n"))).toEqual(["unknown source encoding klingon"]);
    expect(messagesOf(latin1("x = '\xe9'"))).toEqual(["source is not valid UTF-8"]);
    expect(messagesOf(latin1("\xef\xbb\xbf# coding: latin-1\n"))).toEqual(["byte order mark in a file declared as latin-1"]);
  });

  it("begins behind a byte order mark", () => {
    expect(decodeSource(latin1("\xef\xbb\xbfx"))).toMatchObject({ start: 3, problems: [] });
  });
});

describe("a decoded file", () => {
  it("has offsets into its UTF-8 form", () => {
    const tree = parsePython(latin1("# coding: latin-1\nx = '\xe9'; y = 1\n"), createNameTable());
    const constant = tree.kind.indexOf(PythonKind.Constant);
    expect(stringValueOf(tree, constant)).toBe("\u00e9");
    expect(tree.end[constant]! - tree.start[constant]!).toBe(4);
    expect(nameOf(tree, tree.kind.lastIndexOf(PythonKind.Name))).toBe("y");
  });
});
