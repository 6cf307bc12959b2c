// Functions by their nodes in, for any node the function whose code directly contains it out.
// Decorators, defaults, annotations and bases belong to the scope outside, as in Python.
import { linksOf, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { FunctionDeclaration, ModuleDeclaration } from "./declarations.ts";

interface TreeScopes {
  readonly functions: Map<number, FunctionDeclaration>;
  /** For each node the node of its function; filled on first use. */
  around: Int32Array | undefined;
}

export class Scopes {
  private readonly trees = new Map<SyntaxTree, TreeScopes>();

  add(declaration: FunctionDeclaration): void {
    const { tree } = declaration.module;
    const known = this.trees.get(tree);
    if (known) known.functions.set(declaration.node, declaration);
    else this.trees.set(tree, { functions: new Map([[declaration.node, declaration]]), around: undefined });
  }

  /** The module's body for nodes of trees that declare nothing (annotations written as strings). */
  functionAround(module: ModuleDeclaration, node: number): FunctionDeclaration {
    const scopes = this.trees.get(module.tree);
    if (!scopes) return module.body;
    scopes.around ??= enclosingNodes(module.tree, scopes.functions);
    return scopes.functions.get(scopes.around[node] ?? -1) ?? module.body;
  }
}

function enclosingNodes(tree: SyntaxTree, functions: ReadonlyMap<number, FunctionDeclaration>): Int32Array {
  const { parent } = linksOf(tree);
  const root = tree.size - 1;
  const around = new Int32Array(tree.size).fill(root);
  // Post-order: every parent has a larger number than its children.
  for (let node = root - 1; node >= 0; node--) {
    const above = parent[node] as number;
    const inBody = above === root || (tree.role[node] === R.body && functions.has(above));
    around[node] = inBody ? above : (around[above] as number);
  }
  return around;
}
