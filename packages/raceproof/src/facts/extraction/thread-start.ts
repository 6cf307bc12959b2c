// A call in; out, the function that it starts in a thread or lets run at a moment of its own, and the classes of what it hands over.
// Misses: callables kept in variables or containers before they are passed, and starts through wrappers of the program.
import { childrenOf, childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import { threadStartMethods, threadStarts } from "../../models/index.ts";
import type { ThreadStartRow } from "../../models/index.ts";
import type { FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import { spanOf } from "../declarations/source-text.ts";
import { lineage } from "../evaluation/class-hierarchy.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { ThreadStart } from "../module-facts.ts";
import type { RawCall } from "./raw-facts.ts";

export function threadStartOf(evaluator: Evaluator, caller: FunctionDeclaration, call: RawCall): ThreadStart | undefined {
  const { module } = caller;
  const row = rowFor(module, call);
  const started = row && functionIn(evaluator, module, argumentAt(module, call.node, row.position, row.keyword));
  if (!row || !started || (row.runs === "loop" && !sharesObject(evaluator, caller, started))) return undefined;
  const where = `${module.file}:${spanOf(module, call.node).line}`;
  const gives = passedTo(module, call.node, row).flatMap((value) => {
    const { shape } = evaluator.valueOf(module, value);
    return shape.kind === "instance" ? [shape.of.key] : [];
  });
  return { key: started.key, how: `${row.as} of ${call.target.external ?? call.target.text} at ${where}`, where, runs: row.runs, gives };
}

/** Who leaves a method of its own object to the loop meets the loop's thread there; who leaves it another object's keeps away from that. */
function sharesObject(evaluator: Evaluator, caller: FunctionDeclaration, started: FunctionDeclaration): boolean {
  const [one, other] = [caller.owner, started.owner];
  return one === undefined || other === undefined ? one === other : lineage(evaluator, one).includes(other) || lineage(evaluator, other).includes(one);
}

function rowFor({ tree }: ModuleDeclaration, { node, target }: RawCall): ThreadStartRow | undefined {
  if (tree.kind[node] !== K.Call) return undefined;
  if (target.external !== undefined) return threadStarts.get(target.external);
  return target.functions.length === 0 ? threadStartMethods.get(nameOf(tree, childWithRole(tree, node, R.func))) : undefined;
}

function argumentAt({ tree }: ModuleDeclaration, call: number, position: number, keyword: string): number {
  const named = childrenWithRole(tree, call, R.keywords).find((each) => nameOf(tree, each) === keyword);
  return named === undefined ? (childrenWithRole(tree, call, R.args)[position] ?? -1) : childWithRole(tree, named, R.value);
}

/** The function itself, what a lambda calls, or what `functools.partial` wraps. */
function functionIn(evaluator: Evaluator, module: ModuleDeclaration, node: number): FunctionDeclaration | undefined {
  const { tree } = module;
  switch (tree.kind[node]) {
    case K.Lambda:
      return functionCalledIn(evaluator, module, childWithRole(tree, node, R.body));
    case K.Call: {
      const { shape } = evaluator.valueOf(module, childWithRole(tree, node, R.func));
      const isPartial = shape.kind === "external" && shape.name === "functools.partial";
      return isPartial ? functionIn(evaluator, module, childrenWithRole(tree, node, R.args)[0] ?? -1) : undefined;
    }
    default: {
      const { shape } = evaluator.valueOf(module, node);
      return shape.kind === "function" ? shape.of : undefined;
    }
  }
}

function functionCalledIn(evaluator: Evaluator, module: ModuleDeclaration, body: number): FunctionDeclaration | undefined {
  if (module.tree.kind[body] !== K.Call) return undefined;
  const { shape } = evaluator.valueOf(module, childWithRole(module.tree, body, R.func));
  return shape.kind === "function" ? shape.of : undefined;
}

/** Nodes of the arguments that the function will get. */
function passedTo(module: ModuleDeclaration, call: number, { passes, position }: ThreadStartRow): readonly number[] {
  if (passes === undefined) return [];
  const { tree } = module;
  if (passes === "rest") return childrenWithRole(tree, call, R.args).slice(position + 1);
  const group = argumentAt(module, call, passes.position, passes.keyword);
  return tree.kind[group] === K.Tuple || tree.kind[group] === K.List ? childrenOf(tree, group) : [];
}
