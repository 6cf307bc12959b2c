// The package's files about itself in, usages out. Enters: bytes of tests, documents and the package's own modules.
import {
  childrenWithRole,
  childWithRole,
  createNameTable,
  lineAt,
  parsePython,
  PythonKind as K,
  PythonRole as R,
  type SyntaxTree,
  textOf,
} from "../../sources/index.ts";
import type { Usage } from "../../vocabulary/index.ts";
import { mineExamples } from "./mine-examples.ts";
import { mineTests, type TestModule } from "./mine-tests.ts";

export interface UsageFile {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface UsageFiles {
  /** The subject's own modules: docstrings are read. `prefix`: folder that module names start at. */
  readonly modules: readonly UsageFile[];
  readonly tests: readonly UsageFile[];
  readonly documents: readonly UsageFile[];
  readonly prefix: string;
}

export function mineUsages({ modules, tests, documents, prefix }: UsageFiles): Usage[] {
  const names = createNameTable();
  const parsed = tests.map(({ path, bytes }): TestModule => ({ file: path, name: moduleName(path, prefix), tree: parsePython(bytes, names) }));
  const own = modules.filter(({ bytes }) => hasPrompt(bytes)).flatMap((file) => docstringsOf(file, moduleName(file.path, prefix)));
  const prose = documents.flatMap(({ path, bytes }) =>
    mineExamples({ file: path, before: 0, text: new TextDecoder().decode(bytes), module: undefined, moduleNames: new Set() }),
  );
  return [...mineTests(parsed), ...own, ...prose];
}

function moduleName(path: string, prefix: string): string {
  const below = prefix !== "" && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;
  return below.replace(/(\/__init__)?\.py$/, "").replaceAll("/", ".");
}

function hasPrompt(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(">>> ");
}

function docstringsOf({ path, bytes }: UsageFile, module: string): Usage[] {
  const tree = parsePython(bytes, createNameTable());
  const moduleNames = new Set(childrenWithRole(tree, tree.size - 1, R.body).flatMap((node) => definedName(tree, node)));
  const out: Usage[] = [];
  for (let node = 0; node < tree.size; node++) {
    const kind = tree.kind[node];
    if (kind !== K.Module && kind !== K.ClassDef && kind !== K.FunctionDef) continue;
    const [first] = childrenWithRole(tree, node, R.body);
    const value = first === undefined || tree.kind[first] !== K.Expr ? -1 : childWithRole(tree, first, R.value);
    if (value < 0 || tree.kind[value] !== K.Constant) continue;
    const text = textOf(tree, value)
      .replace(/^\w*("""|''')/, "")
      .replace(/("""|''')$/, "");
    if (!text.includes(">>> ")) continue;
    out.push(...mineExamples({ file: path, before: lineAt(tree, tree.start[value] as number) - 1, text, module, moduleNames }));
  }
  return out;
}

function definedName(tree: SyntaxTree, node: number): string[] {
  const kind = tree.kind[node];
  return kind === K.ClassDef || kind === K.FunctionDef ? [tree.names.text(tree.name[node] as number)] : [];
}
