// A function in, for each local that holds a freshly created object the offset where it may become visible to others. What functions of
// the program do with such an object can be left open: linking knows.
// Source: ownership in RacerD (Blackshear et al., OOPSLA 2018), by program order instead of flow.
import { childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { rootNameOf } from "./root-name.ts";

/** Builtins that do not keep their argument. */
const harmless: ReadonlySet<string> = new Set([
  "builtins.len",
  "builtins.isinstance",
  "builtins.str",
  "builtins.repr",
  "builtins.bool",
  "builtins.int",
  "builtins.type",
  "builtins.id",
  "builtins.print",
  "builtins.hasattr",
  "builtins.getattr",
  "builtins.sorted",
  "builtins.list",
  "builtins.dict",
]);

/** An external function that does not keep what it is given. */
export function keepsNoArgument(name: string): boolean {
  return harmless.has(name);
}

/** Who gets such a value gets what stands in it. */
const holders: ReadonlySet<number> = new Set([K.Yield, K.Dict, K.List, K.Tuple, K.Set]);

export class Publication {
  private readonly evaluator: Evaluator;
  private readonly fn: FunctionDeclaration;
  private uses: FirstUses | undefined;

  constructor(evaluator: Evaluator, fn: FunctionDeclaration) {
    this.evaluator = evaluator;
    this.fn = fn;
  }

  private findUses(): FirstUses {
    const { module, node: end } = this.fn;
    const { tree } = module;
    const uses: FirstUses = { publishing: new Map(), handing: new Map() };
    for (let node = tree.first[end] as number; node < end; node++) {
      if (tree.kind[node] !== K.Name || this.evaluator.declarations.scopes.functionAround(module, node) !== this.fn) continue;
      const use = this.useAt(node);
      if (use === undefined) continue;
      const name = nameOf(tree, node);
      const at = tree.start[node] as number;
      uses[use].set(name, Math.min(at, uses[use].get(name) ?? at));
    }
    return uses;
  }

  private useAt(node: number): keyof FirstUses | undefined {
    const { tree } = this.fn.module;
    const parent = parentOf(tree, node);
    switch (tree.kind[parent]) {
      case K.Assign: {
        const target = childWithRole(tree, parent, R.targets);
        return tree.role[node] === R.value && tree.kind[target] !== K.Name ? "publishing" : undefined;
      }
      case K.keyword:
        return this.isOwnFunction(parentOf(tree, parent)) ? "handing" : "publishing";
      case K.Call:
        return tree.role[node] === R.args ? this.useAsArgument(parent) : undefined;
      default:
        return holders.has(tree.kind[parent] as number) ? "publishing" : undefined;
    }
  }

  private useAsArgument(call: number): keyof FirstUses | undefined {
    const { shape } = this.evaluator.valueOf(this.fn.module, childWithRole(this.fn.module.tree, call, R.func));
    if (shape.kind === "external" && keepsNoArgument(shape.name)) return undefined;
    return this.isOwnFunction(call) ? "handing" : "publishing";
  }

  private isOwnFunction(call: number): boolean {
    return this.evaluator.valueOf(this.fn.module, childWithRole(this.fn.module.tree, call, R.func)).shape.kind === "function";
  }

  /** True when the name holds only objects created in this function and none of them has been published, or handed on, before `offset`. */
  isFresh(name: string, offset: number): boolean {
    return this.isUnpublished(name, offset) && !isBefore(this.firstUses().handing.get(name), offset);
  }

  /** The same, with what functions of the program do with the objects left open. */
  isUnpublished(name: string, offset: number): boolean {
    if (!this.fn.bindings.has(name) || this.fn.globals.has(name)) return false;
    if (this.evaluator.valueOfName(this.fn, name).fresh !== true) return false;
    return !isBefore(this.firstUses().publishing.get(name), offset);
  }

  /** `made.load()`, `Made().load()`: the callee of a call. */
  isCalledOnFresh(callee: number, offset: number): boolean {
    const { tree } = this.fn.module;
    const receiver = rootNameOf(tree, callee);
    if (receiver !== undefined) return this.isFresh(nameOf(tree, receiver), offset);
    const made = tree.kind[callee] === K.Attribute ? childWithRole(tree, callee, R.value) : -1;
    return tree.kind[made] === K.Call && this.evaluator.valueOf(this.fn.module, childWithRole(tree, made, R.func)).shape.kind === "class";
  }

  private firstUses(): FirstUses {
    this.uses ??= this.findUses();
    return this.uses;
  }
}

/** Name -> smallest offset of a use of this kind. */
interface FirstUses {
  readonly publishing: Map<string, number>;
  readonly handing: Map<string, number>;
}

function isBefore(use: number | undefined, offset: number): boolean {
  return use !== undefined && use < offset;
}
