// A decorator or manager of another package that locks an object in, the name of that lock for locksets out: `@wrapt.synchronized`, `with synchronized(self):`.
import { childrenWithRole, childWithRole, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import { isLockingDecorator } from "../../models/index.ts";
import { lineage } from "../evaluation/class-hierarchy.ts";
import type { ClassDeclaration, FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { lockOf } from "./locks.ts";

/** `@synchronized` locks the object whose method it decorates, `@synchronized(lock)` that lock. */
export function lockOfForeignDecorator(evaluator: Evaluator, decorated: FunctionDeclaration, node: number): string | undefined {
  const { module, owner } = decorated;
  if (!isForeignLocking(evaluator, module, node)) return undefined;
  const [lock] = module.tree.kind[node] === K.Call ? childrenWithRole(module.tree, node, R.args) : [];
  if (lock !== undefined) return lockOf(evaluator, module, lock);
  return owner ? lockOfObject(evaluator, owner) : `${decorated.qualifiedName}.@synchronized`;
}

/** `with synchronized(self):` */
export function lockOfForeignManager(evaluator: Evaluator, module: ModuleDeclaration, call: number): string | undefined {
  if (!isForeignLocking(evaluator, module, call)) return undefined;
  const [object] = childrenWithRole(module.tree, call, R.args);
  if (object === undefined) return undefined;
  const { shape } = evaluator.valueOf(module, object);
  return shape.kind === "instance" ? lockOfObject(evaluator, shape.of) : lockOf(evaluator, module, object);
}

function isForeignLocking(evaluator: Evaluator, module: ModuleDeclaration, node: number): boolean {
  const callee = module.tree.kind[node] === K.Call ? childWithRole(module.tree, node, R.func) : node;
  const { shape } = evaluator.valueOf(module, callee);
  return shape.kind === "external" && isLockingDecorator(shape.name);
}

/** One for the object, whichever class of its hierarchy declares the method. */
function lockOfObject(evaluator: Evaluator, owner: ClassDeclaration): string {
  return `${lineage(evaluator, owner).at(-1)?.qualifiedName ?? owner.qualifiedName}.@synchronized`;
}
