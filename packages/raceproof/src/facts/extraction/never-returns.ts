// A function or call in, whether it always raises or ends the process out.
// Source: typing.NoReturn; without an annotation every path of the body must leave by an exception.
import { childrenWithRole, childWithRole, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import { leaves } from "./control-flow.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";

const exits: ReadonlySet<string> = new Set(["sys.exit", "os._exit"]);

/** Functions that end in calls of functions that end in calls ... are followed this far. */
const deepestCall = 50;

export class NeverReturning {
  private readonly evaluator: Evaluator;
  private readonly memo = new Map<FunctionDeclaration, boolean>();
  private depth = 0;

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  isFunction(fn: FunctionDeclaration): boolean {
    const known = this.memo.get(fn);
    if (known !== undefined) return known;
    if (this.depth >= deepestCall) return false;
    this.memo.set(fn, false);
    this.depth++;
    const result = this.isPromised(fn) || this.bodyLeaves(fn);
    this.depth--;
    this.memo.set(fn, result);
    return result;
  }

  /** False for expressions that are no calls. */
  isCall(fn: FunctionDeclaration, call: number): boolean {
    if (fn.module.tree.kind[call] !== K.Call) return false;
    const { shape } = this.evaluator.valueOf(fn.module, childWithRole(fn.module.tree, call, R.func));
    if (shape.kind === "external") return exits.has(shape.name);
    return shape.kind === "function" && this.isFunction(shape.of);
  }

  private isPromised(fn: FunctionDeclaration): boolean {
    const { tree } = fn.module;
    const annotation = childWithRole(tree, fn.node, R.returns);
    return annotation >= 0 && /\b(NoReturn|Never)\b/.test(textOf(tree, annotation));
  }

  private bodyLeaves(fn: FunctionDeclaration): boolean {
    const { tree } = fn.module;
    const body = childrenWithRole(tree, fn.node, R.body);
    const isAbstract = body.length === 1 && /NotImplemented/.test(textOf(tree, body[0] as number));
    if (isAbstract || fn.returns.length > 0 || fn.yields.length > 0) return false;
    return leaves(tree, body, (call) => this.isCall(fn, call));
  }
}
