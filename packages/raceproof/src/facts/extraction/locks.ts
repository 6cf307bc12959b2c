// An expression in, the identity of the lock it denotes out (or undefined): by kind, by class shape, by name as a last resort.
// Misses: locks reached through containers of locks (all elements are one lock), lock wrappers without acquire or __enter__.
// Over-reports: an unknown object whose name says "lock" is taken for one.
import { childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import { lockConstructors } from "../../models/index.ts";
import { findMethod } from "../evaluation/class-hierarchy.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { Place, Shape, StaticValue } from "../evaluation/static-value.ts";
import { letsSeveralIn, qualifiedNameOf } from "./lock-kinds.ts";
import { sharedLocalLock } from "./local-locks.ts";

/** Not "block", "clock", "flock", "unlock" or "deadlock". */
const lockName = /(^|_)(r?lock|mutex|semaphore|cond(ition)?|critical)(_|$)|(?<![bcf]|un|dead)lock$/i;

const lockTable = /(^|_)(r?locks?|mutex(es)?)(_by_\w+|_for_\w+)?\[[^\]]*\]$/i;

export function displayOfPlace(place: Place): string {
  return place.ownerName ? `${place.ownerName}.${place.path}` : place.path;
}

/** Name of the lock for locksets: the same whether it is reached through a base class, a subclass or an alias. */
export function lockOf(evaluator: Evaluator, module: ModuleDeclaration, node: number): string | undefined {
  const value = evaluator.valueOf(module, node);
  if (isNamedLock(evaluator, module, node)) return nameOfLock(evaluator, module, node, value);
  switch (value.shape.kind) {
    case "container": {
      // `def __init__(self, lock=None): self._lock = lock`: all that is seen is the default.
      if (value.shape.container === "none") return lockByName(evaluator, module, node, value);
      if (value.shape.container !== "lock" || letsSeveralIn(evaluator, module, node)) return undefined;
      // A lock that never leaves the call that created it protects nothing: nobody else can hold it.
      const madeHere = value.fresh === true && !value.place;
      return madeHere ? sharedLocalLock(evaluator, module, node) : nameOfLock(evaluator, module, node, value);
    }
    case "instance":
      return letsSeveralIn(evaluator, module, node) ? undefined : lockOfInstance(evaluator, value.shape, value.place);
    case "unknown":
      return lockByName(evaluator, module, node, value);
    default:
      return undefined;
  }
}

function lockByName(evaluator: Evaluator, module: ModuleDeclaration, node: number, value: StaticValue): string | undefined {
  return saysLock(module, node, value.place) ? nameOfLock(evaluator, module, node, value) : undefined;
}

/** A class of the program with acquire and release, or a lock class of the standard library that is part of the program. */
function lockOfInstance(evaluator: Evaluator, shape: Extract<Shape, { kind: "instance" }>, place: Place | undefined): string | undefined {
  if (!place) return undefined;
  const known = lockConstructors.has(`${shape.of.module.name}.${shape.of.qualifiedName}`);
  const isLock = known || ["acquire", "release"].every((name) => findMethod(evaluator, shape.of, name).length > 0);
  return isLock ? (lockOfCondition(evaluator, place) ?? canonicalName(place)) : undefined;
}

/** Somebody who knows the program said that this name is a lock. */
function isNamedLock({ declarations }: Evaluator, module: ModuleDeclaration, node: number): boolean {
  return declarations.isLockName !== undefined && declarations.isLockName(lastNameOf(module, node));
}

/** The last name of `self._lock`, `registry.lock` or `lock_for(key)`, or the table of `self._locks[key]`, says that it is a lock. */
function saysLock(module: ModuleDeclaration, node: number, place: Place | undefined): boolean {
  if (place?.path.endsWith("]") === true) return lockTable.test(place.path);
  return lockName.test(lastNameOf(module, node));
}

function lastNameOf({ tree }: ModuleDeclaration, node: number): string {
  const callee = tree.kind[node] === K.Call ? childWithRole(tree, node, R.func) : node;
  const named = tree.kind[callee] === K.Attribute || tree.kind[callee] === K.Name;
  return named ? nameOf(tree, callee) : "";
}

function nameOfLock(evaluator: Evaluator, module: ModuleDeclaration, node: number, { place }: StaticValue): string {
  if (!place) return textOf(module.tree, node);
  return lockOfCondition(evaluator, place) ?? canonicalName(place);
}

/** Instances of one hierarchy share the name of the class that declares the lock. */
function canonicalName(place: Place): string {
  return place.ownerKind === "module" ? displayOfPlace(place) : `${place.owner.slice(place.owner.indexOf(":") + 1)}.${place.path}`;
}

/** `self._ready = threading.Condition(self._lock)` is `self._lock` under another name (docs.python.org/3/library/threading.html#condition-objects). */
function lockOfCondition(evaluator: Evaluator, place: Place): string | undefined {
  const cls = evaluator.classWithKey(place.owner);
  for (const { method, value } of cls?.attributes.get(place.path) ?? []) {
    const { tree } = method.module;
    if (value < 0 || tree.kind[value] !== K.Call) continue;
    const { shape } = evaluator.valueOf(method.module, childWithRole(tree, value, R.func));
    const [lock] = childrenWithRole(tree, value, R.args);
    if (lock === undefined || qualifiedNameOf(shape) !== "threading.Condition") continue;
    const inner = evaluator.valueOf(method.module, lock).place;
    if (inner && inner.path !== place.path) return canonicalName(inner);
  }
  return undefined;
}
