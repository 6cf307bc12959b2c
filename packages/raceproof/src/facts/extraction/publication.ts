// A function in, for each local that holds a freshly created object the offset where it may become visible to others.
// Source: ownership in RacerD (Blackshear et al., OOPSLA 2018), by program order instead of flow.
import { childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";

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

export class Publication {
  private readonly evaluator: Evaluator;
  private readonly fn: FunctionDeclaration;
  /** Name -> smallest offset of a publishing use; filled on first need. */
  private firstUses: ReadonlyMap<string, number> | undefined;

  constructor(evaluator: Evaluator, fn: FunctionDeclaration) {
    this.evaluator = evaluator;
    this.fn = fn;
  }

  private findUses(): Map<string, number> {
    const { module, node: end } = this.fn;
    const { tree } = module;
    const uses = new Map<string, number>();
    for (let node = tree.first[end] as number; node < end; node++) {
      if (tree.kind[node] !== K.Name || this.evaluator.declarations.scopes.functionAround(module, node) !== this.fn || !this.publishes(node)) continue;
      const name = nameOf(tree, node);
      const at = tree.start[node] as number;
      uses.set(name, Math.min(at, uses.get(name) ?? at));
    }
    return uses;
  }

  private publishes(node: number): boolean {
    const { tree } = this.fn.module;
    const parent = parentOf(tree, node);
    switch (tree.kind[parent]) {
      case K.Assign: {
        const target = childWithRole(tree, parent, R.targets);
        return tree.role[node] === R.value && tree.kind[target] !== K.Name;
      }
      case K.Yield:
      case K.Dict:
      case K.List:
      case K.Tuple:
      case K.Set:
        return true;
      case K.keyword:
        return true;
      case K.Call: {
        if (tree.role[node] !== R.args) return false;
        const { shape } = this.evaluator.valueOf(this.fn.module, childWithRole(tree, parent, R.func));
        return !(shape.kind === "external" && keepsNoArgument(shape.name));
      }
      default:
        return false;
    }
  }

  /** True when the name holds only objects created in this function and none of them has been published before `offset`. */
  isFresh(name: string, offset: number): boolean {
    if (!this.fn.bindings.has(name) || this.fn.globals.has(name)) return false;
    const value = this.evaluator.valueOfName(this.fn, name);
    if (!value.fresh) return false;
    this.firstUses ??= this.findUses();
    const published = this.firstUses.get(name);
    return published === undefined || offset <= published;
  }
}
