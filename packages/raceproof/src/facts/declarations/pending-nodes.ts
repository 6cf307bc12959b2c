// Nodes of a tree with the scopes they stand in: in when they are seen, out in program order. Generated code nests deeper than a call stack.
// Leaves that nobody is interested in are left out.
import { childBefore, lastChildOf, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";

/** Decorators, defaults and bases: what is evaluated where a function or class is defined. */
const headRoles: ReadonlySet<number> = new Set([R.decorator_list, R.defaults, R.kw_defaults, R.bases, R.keywords, R.type_params]);

export class PendingNodes<Scope> {
  private readonly tree: SyntaxTree;
  private readonly wantsLeaf: (kind: number) => boolean;
  /** The next one last. */
  private readonly nodes: number[] = [];
  /** The scope of each of them. */
  private readonly scopes: Scope[] = [];

  constructor(tree: SyntaxTree, wantsLeaf: (kind: number) => boolean) {
    this.tree = tree;
    this.wantsLeaf = wantsLeaf;
  }

  /** Calls `visit` until nothing is pending; it may add more, which comes before everything added earlier. */
  visitAll(visit: (node: number, scope: Scope) => void): void {
    for (let node = this.nodes.pop(); node !== undefined; node = this.nodes.pop()) visit(node, this.scopes.pop() as Scope);
  }

  /** Of several nodes the last has to be added first. */
  add(node: number, scope: Scope): void {
    if (this.tree.first[node] === node && !this.wantsLeaf(this.tree.kind[node] as number)) return;
    this.nodes.push(node);
    this.scopes.push(scope);
  }

  addChildren(node: number, scope: Scope): void {
    for (let child = lastChildOf(this.tree, node); child >= 0; child = childBefore(this.tree, node, child)) this.add(child, scope);
  }

  addBody(node: number, scope: Scope): void {
    for (let child = lastChildOf(this.tree, node); child >= 0; child = childBefore(this.tree, node, child)) {
      if (this.tree.role[child] === R.body) this.add(child, scope);
    }
  }

  addHead(node: number, scope: Scope): void {
    for (let child = lastChildOf(this.tree, node); child >= 0; child = childBefore(this.tree, node, child)) {
      if (headRoles.has(this.tree.role[child] as number)) this.add(child, scope);
    }
  }
}
