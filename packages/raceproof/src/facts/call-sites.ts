// The program's calls by callee name in, the values passed for a parameter out: gives unannotated parameters a type.
import { childWithRole, childrenWithRole, nameOf, PythonKind as K, PythonRole as R } from "../sources/index.ts";
import type { Declarations } from "./collect-declarations.ts";
import type { FunctionDeclaration, ModuleDeclaration } from "./declarations.ts";
import { receiverNameOf } from "./declarations.ts";
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
    const constructs = fn.name === "__init__" && fn.owner;
    const name = constructs ? (fn.owner?.qualifiedName.split(".").at(-1) ?? "") : fn.name;
    const out: StaticValue[] = [];
    for (const site of this.byName.get(name) ?? []) {
      const callee = evaluator.valueOf(site.module, childWithRole(site.module.tree, site.call, R.func)).shape;
      const matches = constructs ? callee.kind === "class" && callee.of === fn.owner : callee.kind === "function" && callee.of === fn;
      if (!matches) continue;
      const argument = argumentFor(site, fn, index);
      if (argument < 0) continue;
      const value = evaluator.valueOf(site.module, argument);
      if (isKnown(value)) out.push(value);
    }
    return out;
  }
}

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
