// Cython files and the Program they are part of in, what Cython adds to it out: declared attributes and variables, spans, directives.
// The files are parsed for the Program by themselves: here only declarations and the few blocks that Python does not have are read.
// Misses: declarations of files that are included or cimported from other packages; directives set by build backends of their own.
import {
  childrenOf,
  childrenWithRole,
  childWithRole,
  createNameTable,
  lineAt,
  nameOf,
  parseCython,
  PythonKind as K,
  PythonRole as R,
  textOf,
} from "../../sources/index.ts";
import type { CythonDeclaration, SyntaxTree } from "../../sources/index.ts";
import { cythonContentOf, cythonSpans, parallelRanges } from "../../models/index.ts";
import type { CythonFile, CythonProgram, CythonRegion, CythonVariable, Program, SourceSpan } from "../../vocabulary/index.ts";
import { moduleNameOf } from "../declarations/module-names.ts";
import { freeThreadingDirective } from "./free-threading-directive.ts";

export interface CythonSource {
  readonly path: string;
  /** Path relative to the import root: names the module. */
  readonly modulePath: string;
  readonly bytes: Uint8Array;
}

/** @param builds files that say how the modules are built */
export function analyzeCython(program: Program, sources: readonly CythonSource[], builds: readonly Omit<CythonSource, "modulePath">[]): CythonProgram {
  const names = createNameTable();
  const parsed = sources.map(({ path, modulePath, bytes }) => ({ path, bytes, module: moduleNameOf(modulePath), ...parseCython(bytes, names) }));
  const classes = new Set(parsed.flatMap(({ declarations }) => declarations.filter(({ kind }) => kind === "class").map(({ name }) => name)));
  const files = new Map<string, CythonFile>();
  const attributes = new Map<string, CythonVariable>();
  const globals = new Map<string, CythonVariable>();
  const regions = new Map<string, readonly CythonRegion[]>();
  const built = builds.map(freeThreadingDirective).find((span) => span !== undefined);
  for (const { path: file, bytes, module, tree, declarations } of parsed) {
    const about = { module, freeThreading: freeThreadingDirective({ path: file, bytes }) ?? built };
    files.set(file, { file, ...about });
    // Python that a .pxd declares types for is compiled as well.
    const augmented = file.replace(/\.pxd$/, ".py");
    if (!files.has(augmented)) files.set(augmented, { file: augmented, ...about });
    regions.set(file, regionsIn(file, tree));
    let owner = module;
    for (const declaration of declarations) {
      if (declaration.kind === "class") owner = `${module}:${declaration.name}`;
      const variable = variableOf(declaration, { file, tree, isClass: (name) => classes.has(name) });
      if (declaration.kind === "attribute") attributes.set(`${owner}.${declaration.name}`, { ...variable, owner });
      else if (declaration.kind === "global") globals.set(`${module}.${declaration.name}`, { ...variable, owner: module });
    }
  }
  includeDirectives(parsed, files);
  return { program, files, attributes, globals, regions };
}

/** What a file includes is compiled with it, under its directives. */
function includeDirectives(parsed: readonly Pick<CythonSource, "path" | "bytes">[], files: Map<string, CythonFile>): void {
  for (const { path, bytes } of parsed) {
    const { freeThreading } = files.get(path) as CythonFile;
    if (freeThreading === undefined) continue;
    for (const part of includedBy(path, bytes)) {
      const included = files.get(part);
      if (included?.freeThreading === undefined && included !== undefined) files.set(part, { ...included, freeThreading });
    }
  }
}

function includedBy(path: string, bytes: Uint8Array): string[] {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const named = Buffer.from(bytes)
    .toString("latin1")
    .matchAll(/^\s*include\s+["'](?:\.\/)?([^"']+)["']/gm);
  return [...named].map(([, part]) => `${folder}${part ?? ""}`);
}

interface DeclarationContext {
  readonly file: string;
  readonly tree: SyntaxTree;
  isClass(name: string): boolean;
}

function variableOf({ name, type, words, offset }: CythonDeclaration, { file, tree, isClass }: DeclarationContext): Omit<CythonVariable, "owner"> {
  return { name, type, content: cythonContentOf(type, isClass), public: words.includes("public"), span: spanBetween(file, tree, offset, offset + name.length) };
}

function spanBetween(file: string, tree: SyntaxTree, start: number, end: number): SourceSpan {
  const line = lineAt(tree, start);
  const endLine = lineAt(tree, end);
  return { file, line, column: start - (tree.lineStarts[line - 1] ?? 0), endLine, endColumn: end - (tree.lineStarts[endLine - 1] ?? 0) };
}

function regionsIn(file: string, tree: SyntaxTree): CythonRegion[] {
  const found: CythonRegion[] = [];
  for (let node = 0; node < tree.size; node++) {
    const kind = kindOfBlock(tree, node);
    if (kind === undefined) continue;
    const [from, to] = [tree.start[node] as number, tree.end[node] as number];
    const head = childrenOf(tree, node)[0] ?? node;
    const target = tree.kind[node] === K.For ? childWithRole(tree, node, R.target) : -1;
    const span = spanBetween(file, tree, from, tree.end[head] as number);
    found.push({ kind, file, from, to, span, variables: target < 0 ? [] : [textOf(tree, target)], assigned: assignedIn(tree, node) });
  }
  return found.toSorted((a, b) => a.from - b.from);
}

function kindOfBlock(tree: SyntaxTree, node: number): CythonRegion["kind"] | undefined {
  if (tree.kind[node] === K.For) return parallelRanges.has(lastNameOf(tree, childWithRole(tree, node, R.iter))) ? "parallel" : undefined;
  if (tree.kind[node] !== K.With) return undefined;
  return childrenWithRole(tree, node, R.items)
    .map((item) => cythonSpans.get(lastNameOf(tree, childWithRole(tree, item, R.context_expr))))
    .find((kind) => kind !== undefined);
}

function assignedIn(tree: SyntaxTree, block: number): string[] {
  const found = new Set<string>();
  for (let node = tree.first[block] as number; node < block; node++) {
    const kind = tree.kind[node];
    if (kind === K.Assign) for (const target of childrenWithRole(tree, node, R.targets)) found.add(textOf(tree, target));
    else if (kind === K.AugAssign || kind === K.AnnAssign) found.add(textOf(tree, childWithRole(tree, node, R.target)));
  }
  return [...found];
}

/** `nogil`, `nogil(condition)`, `cython.parallel.prange(n)` */
function lastNameOf(tree: SyntaxTree, node: number): string {
  const named = node >= 0 && tree.kind[node] === K.Call ? childWithRole(tree, node, R.func) : node;
  return named >= 0 && (tree.kind[named] === K.Name || tree.kind[named] === K.Attribute) ? nameOf(tree, named) : "";
}
