// A module in; out, how values held by local names leave the functions that hold them: objects created there, and arguments.
// Source: escape analysis by program order instead of flow (Choi et al., Escape Analysis for Java, OOPSLA 1999), as far as names show it.
// Over-reports: an alias, an element of a display and a captured name count as kept. Misses: what a method does with its own receiver.
import { childrenWithRole, childWithRole, ExpressionContext, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import { receiverNameOf } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { Creation, Exit, HandedParameter, HandedValues } from "../module-facts.ts";
import { keepsNoArgument } from "./publication.ts";

export function handedValuesIn(evaluator: Evaluator, module: ModuleDeclaration): HandedValues {
  const search = new HandingSearch(evaluator, module);
  search.run();
  return search.result();
}

/** Parents that look at a value and let go of it. */
const staying: ReadonlySet<number> = new Set([K.Expr, K.Compare, K.UnaryOp, K.BinOp, K.Raise, K.Await, K.withitem, K.If, K.While, K.Assert]);

/** Parents that let go of the value that stands in this role. */
const stayingRoles: ReadonlyMap<number, number> = new Map([
  [K.For, R.iter],
  [K.comprehension, R.iter],
  [K.Subscript, R.value],
  [K.Call, R.func],
]);

class HandingSearch {
  private readonly evaluator: Evaluator;
  private readonly module: ModuleDeclaration;
  private readonly tree: SyntaxTree;
  /** Calls that create instances; their names are known only when the whole module has been seen. */
  private readonly created: number[] = [];
  private readonly exits = new Map<FunctionDeclaration, Map<string, Exit[]>>();

  constructor(evaluator: Evaluator, module: ModuleDeclaration) {
    this.evaluator = evaluator;
    this.module = module;
    this.tree = module.tree;
  }

  run(): void {
    const { tree } = this;
    for (let node = 0; node < tree.size; node++) {
      if (tree.kind[node] === K.Call) this.noteCreation(node);
      else if (tree.kind[node] === K.Name && tree.detail[node] === ExpressionContext.Load) this.noteUse(node);
    }
  }

  private noteCreation(call: number): void {
    const value = this.evaluator.valueOf(this.module, call);
    if (value.fresh === true && value.shape.kind === "instance") this.created.push(call);
  }

  private noteUse(node: number): void {
    const fn = this.evaluator.declarations.scopes.functionAround(this.module, node);
    if (fn.role === "module" || fn.role === "class-body") return;
    const name = nameOf(this.tree, node);
    const holder = holderOf(fn, name);
    if (!holder) return;
    const exit = holder === fn ? this.exitAt(node) : "kept";
    if (exit !== undefined) this.add(holder, name, exit);
  }

  private add(holder: FunctionDeclaration, name: string, exit: Exit): void {
    let names = this.exits.get(holder);
    if (!names) this.exits.set(holder, (names = new Map()));
    const known = names.get(name);
    if (known) known.push(exit);
    else names.set(name, [exit]);
  }

  /** Where the value of an expression goes next; undefined when it stays. */
  private exitAt(node: number): Exit | undefined {
    const parent = parentOf(this.tree, node);
    const role = this.tree.role[node];
    const kind = this.tree.kind[parent] as number;
    if (staying.has(kind) || role === stayingRoles.get(kind)) return undefined;
    switch (kind) {
      case K.Attribute:
        return this.exitOfBoundMethod(parent);
      case K.Return:
        return "returned";
      case K.Call:
        return this.argumentExit(parent, node);
      case K.keyword:
        return this.argumentExit(parentOf(this.tree, parent), parent);
      default:
        return "kept";
    }
  }

  /** `Thread(target=x.run)`: a method that is not called takes its object along. */
  private exitOfBoundMethod(attribute: number): Exit | undefined {
    const isCalled = this.tree.role[attribute] === R.func;
    if (isCalled || this.evaluator.valueOf(this.module, attribute).shape.kind !== "function") return undefined;
    return this.exitAt(attribute);
  }

  private argumentExit(call: number, argument: number): Exit | undefined {
    const { shape } = this.evaluator.valueOf(this.module, childWithRole(this.tree, call, R.func));
    if (shape.kind === "external") return keepsNoArgument(shape.name) ? undefined : "kept";
    if (shape.kind !== "function") return "kept";
    const parameter = this.parameterFor(shape.of, call, argument);
    return parameter < 0 ? "kept" : { to: shape.of.key, parameter };
  }

  private parameterFor(fn: FunctionDeclaration, call: number, argument: number): number {
    if (this.tree.kind[argument] === K.keyword) return fn.parameters.findIndex(({ name }) => name === nameOf(this.tree, argument));
    const position = childrenWithRole(this.tree, call, R.args).indexOf(argument);
    const index = position + (receiverNameOf(fn) === undefined ? 0 : 1);
    return fn.parameters[index]?.kind === "positional" || fn.parameters[index]?.kind === "positional-only" ? index : -1;
  }

  result(): HandedValues {
    const parameters: HandedParameter[] = [];
    for (const [fn, names] of this.exits) {
      for (const { name, index } of fn.parameters) {
        const exits = names.get(name);
        if (exits) parameters.push({ functionKey: fn.key, index, exits });
      }
    }
    return { creations: this.created.map((call) => this.creationAt(call)), parameters };
  }

  private creationAt(call: number): Creation {
    const { shape } = this.evaluator.valueOf(this.module, call);
    const fn = this.evaluator.declarations.scopes.functionAround(this.module, call);
    const partOf = this.holderOfPart(call);
    return {
      type: shape.kind === "instance" ? shape.of.key : "",
      functionKey: fn.key,
      exits: partOf === undefined ? this.exitsOfCreation(fn, call) : [],
      partOf,
    };
  }

  private holderOfPart(call: number): string | undefined {
    const parent = parentOf(this.tree, call);
    const targets = childrenWithRole(this.tree, parent, this.tree.kind[parent] === K.Assign ? R.targets : R.target);
    const [target] = targets;
    if (targets.length !== 1 || target === undefined || this.tree.kind[target] !== K.Attribute) return undefined;
    const { shape } = this.evaluator.valueOf(this.module, childWithRole(this.tree, target, R.value));
    return shape.kind === "instance" ? shape.of.key : undefined;
  }

  private exitsOfCreation(fn: FunctionDeclaration, call: number): readonly Exit[] {
    const parent = parentOf(this.tree, call);
    const target = boundName(this.tree, parent);
    if (target === undefined) {
      const exit = this.exitAt(call);
      return exit === undefined ? [] : [exit];
    }
    const isLocal = fn.role !== "module" && fn.role !== "class-body" && fn.bindings.has(target) && !fn.globals.has(target);
    return isLocal ? (this.exits.get(fn)?.get(target) ?? []) : ["kept"];
  }
}

/** `x = C()`, `with C() as x`: the one name that gets the value. */
function boundName(tree: SyntaxTree, parent: number): string | undefined {
  const targets =
    tree.kind[parent] === K.withitem
      ? [childWithRole(tree, parent, R.optional_vars)]
      : [...childrenWithRole(tree, parent, R.targets), childWithRole(tree, parent, R.target)].filter((node) => node >= 0);
  const [target] = targets;
  const binds = tree.kind[parent] === K.Assign || tree.kind[parent] === K.AnnAssign || tree.kind[parent] === K.NamedExpr || tree.kind[parent] === K.withitem;
  return binds && targets.length === 1 && target !== undefined && tree.kind[target] === K.Name ? nameOf(tree, target) : undefined;
}

/** The function whose local variable the name is, from the function that uses it outwards. */
function holderOf(fn: FunctionDeclaration, name: string): FunctionDeclaration | undefined {
  for (let at: FunctionDeclaration | undefined = fn; at && at.role !== "module"; at = at.parent) {
    if (at.globals.has(name)) return undefined;
    if (at.role !== "class-body" && at.bindings.has(name)) return at;
  }
  return undefined;
}
