// Attributes before an item: names and arguments, also those that cfg_attr adds.
import type { RustAttribute, SourceSpan } from "../../vocabulary/index.ts";
import type { RustReader } from "./rust-reader.ts";

/** Of the node's own position in its list: the attribute nodes right before it. */
export function attributesBefore(reader: RustReader, siblings: readonly number[], index: number): RustAttribute[] {
  const found: RustAttribute[] = [];
  for (let at = index - 1; at >= 0 && reader.is(siblings[at] as number, "Attribute"); at--) {
    const node = siblings[at] as number;
    const span = reader.span(node);
    const text = reader.text(node);
    found.unshift(...readAttribute(text.slice(text.indexOf("[") + 1, text.lastIndexOf("]")), span, undefined));
  }
  return found;
}

function readAttribute(text: string, span: SourceSpan, condition: string | undefined): RustAttribute[] {
  const found = /^\s*([\w:]+)\s*(?:\(([\s\S]*)\)|=\s*([\s\S]*))?\s*$/.exec(text);
  if (found === null) return [];
  const name = (found[1] as string).split("::").at(-1) as string;
  const parts = splitArguments(found[2] ?? "");
  if (name === "cfg_attr") return parts.slice(1).flatMap((part) => readAttribute(part, span, parts[0]?.trim()));
  const given = found[3] === undefined ? parts.map(readArgument) : [["", found[3].trim()] as const];
  return [{ name, arguments: new Map(given), condition, span }];
}

function readArgument(text: string): readonly [string, string] {
  const found = /^\s*([\w:]+)\s*(?:=\s*([\s\S]*?)|(\([\s\S]*\)))?\s*$/.exec(text);
  return found === null ? [text.trim(), ""] : [found[1] as string, found[2] ?? found[3] ?? ""];
}

/** At commas outside brackets and strings. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"|[([{]|[)\]}]|,/g)) {
    if (token === "," && depth === 0) {
      parts.push(text.slice(from, index));
      from = index + 1;
    } else if (/^[([{]$/.test(token)) depth++;
    else if (/^[)\]}]$/.test(token)) depth--;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part.trim() !== "");
}

export function hasAttribute(attributes: readonly RustAttribute[], ...names: readonly string[]): boolean {
  return attributes.some(({ name }) => names.includes(name));
}

/** `#[cfg(test)]`, `#[test]`. */
export function isTestOnly(attributes: readonly RustAttribute[]): boolean {
  return attributes.some(
    ({ name, arguments: given }) => name === "test" || name === "bench" || (name === "cfg" && [...given.keys()].some((key) => key === "test")),
  );
}
