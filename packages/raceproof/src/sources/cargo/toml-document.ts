// TOML text in, values with the lines they stand in out. What is not TOML is an empty document with a problem.
import { parse, TomlError, type TomlTable, type TomlValue } from "smol-toml";
import type { SourceSpan } from "../../vocabulary/index.ts";
import { lineOfKey } from "../toml-lines.ts";

export interface TomlDocument {
  readonly path: string;
  readonly text: string;
  readonly root: TomlTable;
  readonly problem: { readonly message: string; readonly line: number } | undefined;
}

export function readToml(path: string, text: string): TomlDocument {
  try {
    return { path, text, root: parse(text.replace(/^\uFEFF/, "")), problem: undefined };
  } catch (error) {
    const line = error instanceof TomlError ? error.line : 1;
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { path, text, root: {}, problem: { message, line } };
  }
}

/** The line that sets a key; the nearest one around it when none does. */
export function spanOfKey({ path, text }: TomlDocument, keys: readonly string[]): SourceSpan {
  return spanOfLine(path, text, lineOfKey(text, keys) ?? 1);
}

export function spanOfLine(file: string, text: string, line: number): SourceSpan {
  const written = text.split(/\r?\n/)[line - 1] ?? "";
  const column = written.length - written.trimStart().length;
  return { file, line, column, endLine: line, endColumn: Buffer.byteLength(written.trimEnd()) };
}

export function tableAt(table: TomlTable | undefined, ...keys: readonly string[]): TomlTable | undefined {
  let current: TomlTable | undefined = table;
  for (const key of keys) {
    const value: TomlValue | undefined = current?.[key];
    current = isTable(value) ? value : undefined;
  }
  return current;
}

export function stringAt(table: TomlTable | undefined, key: string): string | undefined {
  const value = table?.[key];
  return typeof value === "string" ? value : undefined;
}

/** A list of strings; one string counts as a list of one. */
export function stringsAt(table: TomlTable | undefined, key: string): string[] {
  const value = table?.[key];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

export function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}
