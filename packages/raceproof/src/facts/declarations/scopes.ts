// Functions by their nodes in, for any node the function whose code directly contains it out.
// Decorators, defaults, annotations and bases belong to the scope outside, as in Python.
import { linksOf, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { FunctionDeclaration, ModuleDeclaration } from "./declarations.ts";

interface TreeScopes {
  readonly functions: FunctionDeclaration[];
  /** For each node the position of its function in the list; filled on first use. */
  around: Int32Array | undefined;
}

export class Scopes {
  private readonly trees = new Map<SyntaxTree, TreeScopes>();

  add(declaration: FunctionDeclaration): void {
    const { tree } = declaration.module;
    const known = this.trees.get(tree);
    if (known) known.functions.push(declaration);
    else this.trees.set(tree, { functions: [declaration], around: undefined });
  }

  /** The module's body for nodes of trees that declare nothing (annotations written as strings). */
  functionAround(module: ModuleDeclaration, node: number): FunctionDeclaration {
    const scopes = this.trees.get(module.tree);
    if (!scopes) return module.body;
    scopes.around ??= enclosingFunctions(module.tree, scopes.functions);
    return scopes.functions[scopes.around[node] ?? 0] ?? module.body;
  }
}

/** The first of the functions is the module's body. */
function enclosingFunctions(tree: SyntaxTree, functions: readonly FunctionDeclaration[]): Int32Array {
  const { parent } = linksOf(tree);
  const positions = new Map(functions.map(({ node }, position) => [node, position]));
  const around = new Int32Array(tree.size);
  // Post-order: every parent has a larger number than its children.
  for (let node = tree.size - 2; node >= 0; node--) {
    const above = parent[node] as number;
    const opened = tree.role[node] === R.body ? positions.get(above) : undefined;
    around[node] = opened ?? (around[above] as number);
  }
  return around;
}
