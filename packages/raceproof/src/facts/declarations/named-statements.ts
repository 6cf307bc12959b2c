// A module's declaration in; out, a digest of each of its statements and, for each name it binds, the statements that mention the name:
// whoever asks the module about one name depends on those, not on the rest. A mention may be more than a binding (`name.count = 0`).
import { hash } from "node:crypto";
import { PythonKind as K } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { ModuleDeclaration } from "./declarations.ts";

export interface NamedStatements {
  /** A digest of the text of each. */
  readonly statements: readonly string[];
  /** Names that the module binds, with positions in `statements`. */
  readonly names: readonly (readonly [name: string, mentions: readonly number[]])[];
  /** What speaks for any other name: imports of everything. */
  readonly others: readonly number[];
}

export function namedStatements({ tree, bindings, starImports }: ModuleDeclaration): NamedStatements {
  // Where the parser had to guess, statements are not what they seem: each name depends on the whole file.
  if (tree.problems.length > 0) return { statements: [digestOf(tree.source)], names: [], others: [0] };
  const wanted = new Map<string, number[]>();
  for (const name of bindings.keys()) wanted.set(name, []);
  const statements: string[] = [];
  const others: number[] = [];
  for (const node of statementsOf(tree)) {
    const from = noteMentions(tree, node, statements.length, wanted);
    if (starImports.length > 0 && importsAll(tree, node)) others.push(statements.length);
    statements.push(digestOf(tree.source.subarray(from, tree.end[node])));
  }
  return { statements, names: [...wanted], others };
}

/** Statements of the module's body, by their nodes. */
function statementsOf(tree: SyntaxTree): number[] {
  const nodes: number[] = [];
  for (let node = tree.size - 2; node >= 0; node = (tree.first[node] as number) - 1) nodes.push(node);
  return nodes.reverse();
}

/** Gives where the statement begins, its decorators included. */
function noteMentions(tree: SyntaxTree, statement: number, position: number, wanted: ReadonlyMap<string, number[]>): number {
  let from = tree.start[statement] as number;
  const met = new Set<number>();
  for (let node = tree.first[statement] as number; node <= statement; node++) {
    from = Math.min(from, tree.start[node] as number);
    const kind = tree.kind[node];
    if (tree.name[node] === 0 || kind === K.Attribute || kind === K.keyword) continue;
    met.add(tree.name[node] as number);
  }
  for (const id of met) {
    const text = tree.names.text(id);
    // `import package.module` binds the package.
    wanted.get(text.split(".", 1)[0] as string)?.push(position);
  }
  return from;
}

function importsAll(tree: SyntaxTree, statement: number): boolean {
  for (let node = tree.first[statement] as number; node <= statement; node++) {
    if (tree.kind[node] === K.alias && tree.names.text(tree.name[node] as number) === "*") return true;
  }
  return false;
}

function digestOf(text: Uint8Array): string {
  return hash("sha256", text, "base64").slice(0, 16);
}
