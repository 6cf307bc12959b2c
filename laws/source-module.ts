// Enters: the text of a TypeScript file. Leaves: what the laws ask about it: imports, exported names, strings, globals used.
// It resolves nothing beyond relative paths and knows no law.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { inRepository } from "../scripts/repository.mjs";

export interface SourceModule {
  /** Relative to packages/raceproof/src, forward slashes. */
  readonly path: string;
  /** First folder of the path; undefined for files beside the rooms (pipeline.ts, session.ts, index.ts). */
  readonly room: string | undefined;
  readonly text: string;
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly string[];
  readonly hasDefaultExport: boolean;
  readonly strings: readonly { readonly text: string; readonly line: number }[];
  /** Names read as globals of Node.js or the browser: "fetch", "console", "process.stdout". */
  readonly globals: readonly { readonly name: string; readonly line: number }[];
}

export interface ModuleImport {
  readonly specifier: string;
  /** Path of the imported file when the specifier is relative, else undefined. */
  readonly target: string | undefined;
  /** Gone at run time: `import type`, `export type`, `import("...")` in a type. */
  readonly typeOnly: boolean;
  readonly line: number;
}

const sourceFolder = inRepository("packages", "raceproof", "src");

/** Test files and what only they use; the laws about rooms do not bind them. */
export function isTestFile(path: string): boolean {
  return path.endsWith(".test.ts") || /(^|\/)(testing|fixtures)\//.test(path);
}

/** Every module of the engine, tests left out. */
export function readEngine(): SourceModule[] {
  return readdirSync(sourceFolder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !isTestFile(path))
    .toSorted()
    .map((path) => parseModule(path, readFileSync(join(sourceFolder, path), "utf8")));
}

/** A module of a made-up engine, for the laws' own tests. */
export function parseModule(path: string, text: string): SourceModule {
  const { program } = parseSync(path, text);
  const imports: ModuleImport[] = [];
  const exports: string[] = [];
  const strings: { text: string; line: number }[] = [];
  const globals: { name: string; line: number }[] = [];
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  let hasDefaultExport = false;

  const addImport = (source: { value?: unknown; start: number } | null | undefined, typeOnly: boolean): void => {
    if (typeof source?.value !== "string") return;
    const specifier = source.value;
    const target = specifier.startsWith(".") ? posix.normalize(posix.join(posix.dirname(path), specifier)) : undefined;
    imports.push({ specifier, target, typeOnly, line: lineOf(source.start) });
  };
  new Visitor({
    ImportDeclaration: (node) => addImport(node.source, node.importKind === "type"),
    ExportAllDeclaration: (node) => addImport(node.source, node.exportKind === "type"),
    ImportExpression: (node) => addImport(node.source as { value?: unknown; start: number }, false),
    TSImportType: (node) => addImport(node.source, true),
    ExportNamedDeclaration: (node) => {
      addImport(node.source, node.exportKind === "type");
      exports.push(...node.specifiers.flatMap(({ exported }) => ("name" in exported ? [exported.name] : [])), ...declaredNames(node.declaration));
    },
    ExportDefaultDeclaration: () => {
      hasDefaultExport = true;
    },
    Literal: (node) => {
      if (typeof node.value === "string") strings.push({ text: node.value, line: lineOf(node.start) });
    },
    TemplateElement: (node) => {
      strings.push({ text: node.value.raw, line: lineOf(node.start) });
    },
    Identifier: (node) => {
      if (node.name === "fetch" || node.name === "console") globals.push({ name: node.name, line: lineOf(node.start) });
    },
    MemberExpression: (node) => {
      const { object, property } = node;
      if (object.type !== "Identifier" || property.type !== "Identifier" || node.computed) return;
      if (object.name === "process") globals.push({ name: `process.${property.name}`, line: lineOf(node.start) });
    },
  }).visit(program);
  const specifiers = new Set(imports.map(({ specifier, line }) => `${line}:${specifier}`));
  return {
    path,
    room: path.includes("/") ? path.slice(0, path.indexOf("/")) : undefined,
    text,
    imports,
    exports,
    hasDefaultExport,
    strings: strings.filter((string) => !specifiers.has(`${string.line}:${string.text}`)),
    globals,
  };
}

interface Declaration {
  readonly id?: { readonly name?: unknown } | null;
  readonly declarations?: readonly { readonly id: { readonly name?: unknown } }[];
}

function declaredNames(declaration: unknown): string[] {
  const { id, declarations = [] } = (declaration ?? {}) as Declaration;
  return [id, ...declarations.map((one) => one.id)].flatMap((found) => (typeof found?.name === "string" ? [found.name] : []));
}
