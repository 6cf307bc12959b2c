// The value of a plain string literal, for annotations and other strings that mean code or names.
// What enters: a str Constant node. What leaves: its decoded text (prefixes, escapes, implicit concatenation).
// It does not know Unicode character names: a string with \N{...} has no value here.

import { textOf } from "../syntax-tree.ts";
import type { SyntaxTree } from "../syntax-tree.ts";
import { ConstantType, PythonKind as Kind } from "./kinds.ts";

/** One literal of a concatenation: prefix letters, quotes, body; or what may stand between two. */
const literalPattern = /([rRuU]?)("""|'''|"|')((?:\\[^]|(?!\2)[^])*)\2|[\s()]+|#[^\r\n]*|\\\r?\n/y;
const escapePattern = /\\([0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/g;

/** https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences */
const simpleEscapes = new Map<string, string>([
  ["\n", ""],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Value of a str Constant; undefined for any other node, for malformed literals and for `\N{...}`. */
export function stringValueOf(tree: SyntaxTree, node: number): string | undefined {
  if (tree.kind[node] !== Kind.Constant || tree.detail[node] !== ConstantType.String) return undefined;
  const text = tree.ascii === undefined ? decoder.decode(tree.source.subarray(tree.start[node], tree.end[node])) : textOf(tree, node);
  return simpleValueOf(text) ?? valueOfLiterals(text);
}

/** `"name"`: one pair of quotes around what stands for itself. */
function simpleValueOf(text: string): string | undefined {
  const quote = text[0];
  const isSimple = (quote === '"' || quote === "'") && text.length > 1 && text.indexOf(quote, 1) === text.length - 1 && !text.includes("\\");
  return isSimple ? text.slice(1, -1) : undefined;
}

function valueOfLiterals(text: string): string | undefined {
  const parts: string[] = [];
  literalPattern.lastIndex = 0;
  while (literalPattern.lastIndex < text.length) {
    const match = literalPattern.exec(text);
    if (match === null) return undefined;
    const [, prefix = "", quotes, body = ""] = match;
    if (quotes === undefined) continue;
    const lines = body.replaceAll(/\r\n?/g, "\n");
    const value = prefix.toLowerCase() === "r" ? lines : unescaped(lines);
    if (value === undefined) return undefined;
    parts.push(value);
  }
  return parts.join("");
}

function unescaped(body: string): string | undefined {
  if (!body.includes("\\")) return body;
  if (/(?:^|[^\\])(?:\\\\)*\\N/.test(body)) return undefined;
  return body.replaceAll(escapePattern, (whole: string, escape: string) => simpleEscapes.get(escape) ?? codeEscape(whole, escape));
}

/** Octal and hexadecimal escapes; an unknown escape stays as written. */
function codeEscape(whole: string, escape: string): string {
  if (/^[0-7]/.test(escape)) return String.fromCodePoint(Number.parseInt(escape, 8));
  if (escape.length === 1) return whole;
  const code = Number.parseInt(escape.slice(1), 16);
  return code > 0x10ffff ? whole : String.fromCodePoint(code);
}
