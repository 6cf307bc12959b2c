// A C file as the preprocessor knows it, and what it makes of it.
// What enters: path and bytes. What leaves: text of one character per byte, and whether a guard lets it count once per translation unit.
import type { FileOrigin } from "./c-unit.ts";
import { originOfFile } from "./file-origin.ts";
import type { HeaderRecord } from "./macro-table.ts";
import type { PositionMap } from "./position-map.ts";
import { Scanner } from "./scanner.ts";

export interface CFile {
  readonly path: string;
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly origin: FileOrigin;
  readonly isGuarded: boolean;
}

/** What one file becomes in one configuration. */
export interface PreprocessedUnit {
  readonly file: CFile;
  readonly language: "c" | "cpp";
  readonly text: string;
  readonly positions: PositionMap;
  readonly includes: readonly string[];
  readonly inlined: readonly string[];
  readonly constants: ReadonlyMap<string, string>;
  readonly record: HeaderRecord;
}

export function cFileOf(path: string, bytes: Uint8Array, number: number): CFile {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return { path, number, bytes, text, origin: originOfFile(path, text), isGuarded: isGuardedText(text) };
}

/** `#pragma once`, or a conditional on a name that the next directive defines; other headers may be included before. */
function isGuardedText(text: string): boolean {
  if (/^[ \t]*#[ \t]*pragma[ \t]+once\b/m.test(text)) return true;
  const scanner = new Scanner(text);
  let first: readonly [string, string];
  do {
    scanner.next();
    first = directiveAt(scanner);
  } while (first[0] === "include" || first[0] === "pragma");
  const [condition, asked] = first;
  if (condition !== "ifndef" && condition !== "if") return false;
  scanner.next();
  const [definition, defined] = directiveAt(scanner);
  return definition === "define" && defined !== "" && asked === defined;
}

/** Name of the directive the scanner has just found, and the name it is about. */
function directiveAt(scanner: Scanner): readonly [string, string] {
  if (scanner.word() !== "#") return ["", ""];
  const directive = scanner.directiveName();
  const start = scanner.at;
  const rest = scanner.text.slice(start, scanner.takeLine());
  const name = directive === "if" ? /^\s*!\s*defined\s*\(?\s*(\w+)/.exec(rest) : /^\s*(\w+)/.exec(rest);
  return [directive, name?.[1] ?? ""];
}
