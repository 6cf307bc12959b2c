// What tests of the C front end share. Enters: texts by path. Leaves: a parsed program, expanded text, or trees as text.
import { childrenOf, nameOf } from "../syntax-tree.ts";
import type { SyntaxTree } from "../syntax-tree.ts";
import { createNameTable } from "../python/byte-name-table.ts";
import { buildConfiguration, type BuildConfiguration } from "./build-configuration.ts";
import type { CProgram, CUnit } from "./c-unit.ts";
import { CKind, cKindNames, cOperatorNames, cRoleNames } from "./kinds.ts";
import { openCFrontEnd } from "./parse-c.ts";

export const freeThreaded: BuildConfiguration = buildConfiguration("free-threaded", [3, 13]);
export const withGil: BuildConfiguration = buildConfiguration("gil", [3, 13]);

const frontEnd = openCFrontEnd();

export async function parseTexts(texts: Readonly<Record<string, string>>, configurations: readonly BuildConfiguration[] = [freeThreaded]): Promise<CProgram> {
  const files = Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
  return (await frontEnd).parse(files, configurations, createNameTable());
}

export function unitAt(program: CProgram, path: string): CUnit {
  const unit = program.units.find((each) => each.path === path);
  if (unit === undefined) throw new Error(`no unit ${path}`);
  return unit;
}

/** The expanded text of `a.c`, with runs of whitespace as one space. */
export async function expanded(text: string, more: Readonly<Record<string, string>> = {}, configuration: BuildConfiguration = freeThreaded): Promise<string> {
  const unit = unitAt(await parseTexts({ "a.c": text, ...more }, [configuration]), "a.c");
  return Buffer.from(unit.tree.source).toString().replaceAll(/\s+/g, " ").trim();
}

const operatorKinds: ReadonlySet<number> = new Set([CKind.Assignment, CKind.Binary, CKind.Unary, CKind.Update]);

/** A node as `Kind name detail(role=child, role=child)`. */
export function outlineOf(tree: SyntaxTree, node: number): string {
  const detail = tree.detail[node]!;
  const words = operatorKinds.has(tree.kind[node]!) ? cOperatorNames[detail - 1] : String(detail || "");
  const head = [cKindNames[tree.kind[node]! - 1], nameOf(tree, node), words].filter(Boolean).join(" ");
  const children = childrenOf(tree, node).map((child) => `${cRoleNames[tree.role[child]! - 1]}=${outlineOf(tree, child)}`);
  return children.length === 0 ? head : `${head}(${children.join(", ")})`;
}

/** Outlines of what stands at the top of a text. */
export async function outlines(text: string, path = "a.c"): Promise<string[]> {
  const { tree } = unitAt(await parseTexts({ [path]: text }), path);
  return childrenOf(tree, tree.size - 1).map((child) => outlineOf(tree, child));
}
