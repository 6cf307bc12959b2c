// A function's statements in, its branches out: what runs when a test holds, when it fails, and when it is past.
// Misses: exceptions as control flow, match statements, conditions carried in variables.
import { childrenOf, childrenWithRole, childWithRole, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";

export interface Branch {
  readonly node: number;
  readonly kind: "if" | "while" | "conditional" | "assert" | "comprehension";
  readonly test: number;
  readonly whenTrue: readonly [number, number];
  readonly whenFalse: readonly [number, number];
  readonly after: readonly [number, number];
  readonly trueLeaves: boolean;
  readonly falseLeaves: boolean;
  readonly exits: boolean;
}

const nowhere: readonly [number, number] = [0, 0];
const neverLeaves = { trueLeaves: false, falseLeaves: false, exits: false };

/** Asks whether an expression statement never comes back (`self.raise_error(...)`). */
export type NeverReturns = (expression: number) => boolean;

export function branchOf(tree: SyntaxTree, node: number, neverReturns: NeverReturns): Branch | undefined {
  switch (tree.kind[node]) {
    case K.If:
    case K.While: {
      const test = childWithRole(tree, node, R.test);
      const body = childrenWithRole(tree, node, R.body);
      const orelse = childrenWithRole(tree, node, R.orelse);
      return {
        node,
        kind: tree.kind[node] === K.If ? "if" : "while",
        test,
        whenTrue: rangeOf(tree, body),
        whenFalse: rangeOf(tree, orelse),
        after: afterRange(tree, node),
        trueLeaves: leaves(tree, body, neverReturns),
        falseLeaves: leaves(tree, orelse, neverReturns),
        exits: tree.kind[node] === K.While && hasExit(tree, node),
      };
    }
    case K.IfExp:
      return {
        node,
        kind: "conditional",
        test: childWithRole(tree, node, R.test),
        whenTrue: rangeOf(tree, [childWithRole(tree, node, R.body)]),
        whenFalse: rangeOf(tree, [childWithRole(tree, node, R.orelse)]),
        after: nowhere,
        ...neverLeaves,
      };
    case K.Assert:
      return {
        node,
        kind: "assert",
        test: childWithRole(tree, node, R.test),
        whenTrue: nowhere,
        whenFalse: nowhere,
        after: afterRange(tree, node),
        trueLeaves: false,
        falseLeaves: true,
        exits: false,
      };
    case K.comprehension: {
      const condition = childWithRole(tree, node, R.ifs);
      if (condition < 0) return undefined;
      const owner = parentOf(tree, node);
      return {
        node,
        kind: "comprehension",
        test: condition,
        whenTrue: [tree.start[owner] as number, tree.end[owner] as number],
        whenFalse: nowhere,
        after: nowhere,
        ...neverLeaves,
      };
    }
    default:
      return undefined;
  }
}

function rangeOf(tree: SyntaxTree, nodes: readonly number[]): readonly [number, number] {
  const first = nodes[0];
  const last = nodes.at(-1);
  return first === undefined || last === undefined || first < 0 ? nowhere : [tree.start[first] as number, tree.end[last] as number];
}

const ways: ReadonlySet<number> = new Set([K.Break, K.Return, K.Raise, K.Yield, K.YieldFrom, K.Await]);

/** Something in the loop may leave it or hand over to other code; a break of an inner loop counts too. */
function hasExit(tree: SyntaxTree, loop: number): boolean {
  for (let node = tree.first[loop] as number; node < loop; node++) if (ways.has(tree.kind[node] as number)) return true;
  return false;
}

/** From the end of a statement to the end of the function, class body or module around it. */
function afterRange(tree: SyntaxTree, node: number): readonly [number, number] {
  let at = parentOf(tree, node);
  while (at >= 0 && !opensScope(tree, at)) at = parentOf(tree, at);
  const end = tree.end[node] as number;
  return [end, Math.max(end, tree.end[at] ?? 0)];
}

function opensScope(tree: SyntaxTree, node: number): boolean {
  const kind = tree.kind[node];
  return kind === K.FunctionDef || kind === K.AsyncFunctionDef || kind === K.Module || kind === K.ClassDef;
}

/** The block always leaves: its last statement returns, raises, continues, breaks, or calls what never returns. */
export function leaves(tree: SyntaxTree, block: readonly number[], neverReturns: NeverReturns): boolean {
  let last = block.at(-1) ?? -1;
  // `elif` nests in `else`: a long chain is followed without recursion.
  for (; tree.kind[last] === K.If; last = childrenWithRole(tree, last, R.orelse).at(-1) ?? -1) {
    if (!leaves(tree, childrenWithRole(tree, last, R.body), neverReturns)) return false;
  }
  switch (tree.kind[last]) {
    case K.Return:
    case K.Raise:
    case K.Continue:
    case K.Break:
      return true;
    case K.Expr:
      return neverReturns(childWithRole(tree, last, R.value));
    default: {
      const blocks = blocksThatFollow(tree, last);
      return blocks.length > 0 && blocks.every((each) => leaves(tree, each, neverReturns));
    }
  }
}

/** The blocks one of which is run to its end when the statement is; empty when the statement may be skipped or go on. */
function blocksThatFollow(tree: SyntaxTree, statement: number): readonly (readonly number[])[] {
  switch (tree.kind[statement]) {
    case K.With:
    case K.AsyncWith:
      return [childrenWithRole(tree, statement, R.body)];
    case K.Try:
    case K.TryStar:
      return [statement, ...childrenWithRole(tree, statement, R.handlers)].map((each) => childrenWithRole(tree, each, R.body));
    default:
      return [];
  }
}

/** Names of the exceptions a try statement's handlers catch; "*" for a bare except, Exception and BaseException. */
export function caughtBy(tree: SyntaxTree, tryNode: number, textOfNode: (node: number) => string): string[] {
  const out: string[] = [];
  for (const handler of childrenWithRole(tree, tryNode, R.handlers)) {
    const type = childWithRole(tree, handler, R.type);
    if (type < 0) out.push("*");
    else if (tree.kind[type] === K.Tuple) out.push(...childrenOf(tree, type).map(textOfNode));
    else out.push(textOfNode(type));
  }
  return out.map((name) => (name === "Exception" || name === "BaseException" ? "*" : name));
}
