// The expression of a lock in, what kind of lock it is out: who owns it, and whether its holder can take it again.
// Misses: locks from factories and containers, locks passed in (both "unknown").
import { childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import { lockConstructors } from "../../models/index.ts";
import type { AcquisitionFact } from "../../vocabulary/index.ts";
import type { Binding, FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import { bindingsIn } from "../evaluation/bindings-in.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { Place, Shape } from "../evaluation/static-value.ts";

export type LockKind = Pick<AcquisitionFact, "reentrant" | "ownerKind">;

type Reentrant = AcquisitionFact["reentrant"] | "several";

/** An expression with the module it stands in. */
interface Expression {
  readonly module: ModuleDeclaration;
  readonly node: number;
}

export function lockKindOf(evaluator: Evaluator, module: ModuleDeclaration, node: number): LockKind {
  const { place, fresh } = evaluator.valueOf(module, node);
  const ownerKind = place?.ownerKind ?? (fresh === true ? "call" : "unknown");
  const reentrant = reentrancyOf(evaluator, { module, node }, 0);
  return { ownerKind, reentrant: reentrant === "several" ? "unknown" : reentrant };
}

/** A semaphore that lets several in, or starts closed, keeps nobody from an object. */
export function letsSeveralIn(evaluator: Evaluator, module: ModuleDeclaration, node: number): boolean {
  return reentrancyOf(evaluator, { module, node }, 0) === "several";
}

/** A lock made of a lock made of a lock: nobody goes further. */
const deepestCondition = 3;

function reentrancyOf(evaluator: Evaluator, { module, node }: Expression, depth: number): Reentrant {
  const { tree } = module;
  if (depth > deepestCondition) return "unknown";
  if (tree.kind[node] === K.Call) return reentrancyOfCall(evaluator, { module, node }, depth);
  const { place } = evaluator.valueOf(module, node);
  const sources = place ? sourcesOfPlace(evaluator, place) : sourcesOfName(evaluator, module, node);
  const kinds = new Set(sources.filter(({ node: value, module: at }) => !isNone(at, value)).map((each) => reentrancyOf(evaluator, each, depth + 1)));
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined ? only : "unknown";
}

function isNone({ tree }: ModuleDeclaration, node: number): boolean {
  return tree.kind[node] === K.Constant && textOf(tree, node) === "None";
}

function reentrancyOfCall(evaluator: Evaluator, { module, node }: Expression, depth: number): Reentrant {
  const { tree } = module;
  const row = lockConstructors.get(qualifiedNameOf(evaluator.valueOf(module, childWithRole(tree, node, R.func)).shape));
  const argument = childrenWithRole(tree, node, R.args)[0] ?? childWithRole(tree, childWithRole(tree, node, R.keywords), R.value);
  if (!row) return "unknown";
  switch (row.reentrant) {
    case "argument":
      return argument < 0 ? "yes" : reentrancyOf(evaluator, { module, node: argument }, depth + 1);
    case "count":
      return argument < 0 || textOf(tree, argument) === "1" ? "no" : "several";
    default:
      return row.reentrant;
  }
}

/** As another program would import it, also where the module that defines it is part of this one. */
export function qualifiedNameOf(shape: Shape): string {
  switch (shape.kind) {
    case "external":
      return shape.name;
    case "class":
    case "function":
      return `${shape.of.module.name}.${shape.of.qualifiedName}`;
    default:
      return "";
  }
}

/** Values assigned to the attribute or global that holds the lock. */
function sourcesOfPlace(evaluator: Evaluator, { ownerKind, owner, path }: Place): Expression[] {
  if (ownerKind === "module") {
    const module = evaluator.moduleNamed(owner);
    return module ? assignedIn(module, bindingsIn(evaluator, module.body, path) ?? []) : [];
  }
  const cls = evaluator.classWithKey(owner);
  if (!cls) return [];
  const onInstances = (cls.attributes.get(path) ?? []).filter(({ value }) => value >= 0).map(({ method, value }) => ({ module: method.module, node: value }));
  return [...onInstances, ...assignedIn(cls.module, cls.bindings.get(path) ?? [])];
}

function sourcesOfName(evaluator: Evaluator, module: ModuleDeclaration, node: number): Expression[] {
  if (module.tree.kind[node] !== K.Name) return [];
  const name = nameOf(module.tree, node);
  for (let fn: FunctionDeclaration | undefined = evaluator.declarations.scopes.functionAround(module, node); fn; fn = fn.parent) {
    const bindings = bindingsIn(evaluator, fn, name);
    if (bindings) return assignedIn(module, bindings);
  }
  return [];
}

function assignedIn(module: ModuleDeclaration, bindings: readonly Binding[]): Expression[] {
  return bindings.flatMap((binding) => (binding.kind === "assign" && binding.path.length === 0 ? [{ module, node: binding.value }] : []));
}
