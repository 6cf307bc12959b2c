// The program's calls by callee name in, the values passed for a parameter out: gives unannotated parameters a type.
import { childWithRole, childrenWithRole, nameOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { ClassDeclaration, Declarations, FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import { receiverNameOf } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { isKnown } from "./static-value.ts";
import type { StaticValue } from "./static-value.ts";

interface CallSite {
  readonly module: ModuleDeclaration;
  readonly call: number;
}

/** Enough to learn a type; a popular name must not cost a whole-program search for every parameter. */
const sitesPerName = 24;

export class CallSites {
  private readonly byName = new Map<string, CallSite[]>();

  constructor(declarations: Declarations) {
    for (const module of declarations.modules.values()) this.index(module);
  }

  private index(module: ModuleDeclaration): void {
    const { tree } = module;
    for (let node = 0; node < tree.size; node++) {
      if (tree.kind[node] !== K.Call) continue;
      const name = nameOf(tree, childWithRole(tree, node, R.func));
      const known = this.byName.get(name);
      if (!known) this.byName.set(name, [{ module, call: node }]);
      else if (known.length < sitesPerName) known.push({ module, call: node });
    }
  }

  /** Known values passed for parameter `index` of a function, over its call sites. */
  argumentsOf(evaluator: Evaluator, fn: FunctionDeclaration, index: number): StaticValue[] {
    const callee = calleeFor(fn);
    const out: StaticValue[] = [];
    for (const site of this.byName.get(callee.name) ?? []) {
      const { shape } = evaluator.valueOf(site.module, childWithRole(site.module.tree, site.call, R.func));
      if ((shape.kind !== "class" && shape.kind !== "function") || shape.of !== callee.declaration) continue;
      const value = evaluator.valueOf(site.module, argumentFor(site, fn, index));
      if (isKnown(value)) out.push(value);
    }
    return out;
  }
}

/** What a call names to reach the function: a constructor is called by its class's name. */
function calleeFor(fn: FunctionDeclaration): { readonly name: string; readonly declaration: FunctionDeclaration | ClassDeclaration } {
  if (fn.name !== "__init__" || !fn.owner) return { name: fn.name, declaration: fn };
  return { name: fn.owner.qualifiedName.split(".").at(-1) ?? "", declaration: fn.owner };
}

/** -1 when the call does not pass it, or not by itself. */
function argumentFor(site: CallSite, fn: FunctionDeclaration, index: number): number {
  const { tree } = site.module;
  const parameter = fn.parameters[index]?.name;
  for (const keyword of childrenWithRole(tree, site.call, R.keywords)) {
    if (nameOf(tree, keyword) === parameter) return childWithRole(tree, keyword, R.value);
  }
  const offset = receiverNameOf(fn) === undefined ? 0 : 1;
  const argument = childrenWithRole(tree, site.call, R.args)[index - offset];
  return argument === undefined || tree.kind[argument] === K.Starred ? -1 : argument;
}
