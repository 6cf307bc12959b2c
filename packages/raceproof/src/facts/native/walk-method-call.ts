// Calls of methods in C++: on objects of the program's classes, on containers and atomics of the standard library, on mutexes and guards.
// What enters: a call node. What leaves: its receiver and the methods it means, or the value where the call is done with.
// Misses: calls through pointers to members; receivers whose class is only known after templates are filled in.
import { childWithRole, CAccess, CKind, CRole, nameOf } from "../../sources/index.ts";
import { cppAtomic, movingTypes, readingMethods, releasingMethods, takingMethods } from "../../models/index.ts";
import type { NativeHold } from "../../vocabulary/index.ts";
import { elementPlace } from "./values.ts";
import type { NativePlace, NativeValue } from "./values.ts";
import { addressOfPlace, evaluate, placeOf } from "./walk-expression.ts";
import type { WalkContext } from "./walk-context.ts";

export interface MethodCall {
  /** undefined: of a static method. */
  readonly receiver: NativeValue | undefined;
  readonly targets: readonly number[];
}

type Memory = Extract<NativePlace, { kind: "memory" }>;

/** "done": what the call does to its object is recorded. undefined: it is no call of a method, or of one that nobody knows. */
export function methodCallAt(walk: WalkContext, node: number): MethodCall | "done" | undefined {
  const { tree } = walk.reader;
  if (tree.language !== "cpp") return undefined;
  const callee = childWithRole(tree, node, CRole.function);
  const name = nameOf(tree, node);
  const own = walk.body.environment.read("this");
  if (tree.kind[callee] === CKind.Member) return onObject(walk, callee, name);
  const scope = tree.kind[callee] === CKind.Qualified ? childWithRole(tree, callee, CRole.scope) : -1;
  const struct = scope >= 0 ? walk.types.resolve(walk.types.typeNamed(nameOf(tree, scope), 0)).struct : own.type.struct;
  const targets = struct === undefined ? [] : walk.methodsOf(struct, name);
  return targets.length === 0 ? undefined : { receiver: struct === undefined || walk.types.isStatic(struct, name) ? undefined : own, targets };
}

function onObject(walk: WalkContext, callee: number, name: string): MethodCall | "done" {
  const { tree } = walk.reader;
  const object = childWithRole(tree, callee, CRole.object);
  if (tree.detail[callee] === CAccess.Arrow) return onReceiver(walk, evaluate(walk, object), name);
  const place = placeOf(walk, object);
  if (place.kind === "memory" && onMemory(walk, place, { name, node: callee })) return "done";
  if (place.kind === "local" && onGuard(walk, place.name, name)) return "done";
  const receiver = addressOfPlace(walk, place, object);
  if (receiver.loadedFrom === undefined || place.kind !== "local" || !movingTypes.has(receiver.type.name)) return onReceiver(walk, receiver, name);
  walk.body.access(elementPlace(walk.types, receiver), readingMethods.has(name) ? "read" : "update", walk.reader.placeOf(callee));
  return "done";
}

function onReceiver(walk: WalkContext, receiver: NativeValue, name: string): MethodCall {
  const struct = walk.types.resolve({ ...receiver.type, pointers: 0 }).struct ?? receiver.object;
  return { receiver, targets: struct === undefined ? [] : walk.methodsOf(struct, name) };
}

/** @returns whether the place is of a kind whose methods are known */
function onMemory(walk: WalkContext, place: Memory, { name, node }: { readonly name: string; readonly node: number }): boolean {
  const at = walk.reader.placeOf(node);
  if (place.holds === "mutex") {
    if (takingMethods.has(name)) walk.body.open({ kind: "lock", objects: [place.address], since: walk.body.next, span: at.span });
    else if (releasingMethods.has(name)) walk.body.close(({ kind }) => kind === "lock");
    return true;
  }
  if (cppAtomic.test(place.type.name)) {
    walk.body.access({ ...place, embedded: false, atomic: true }, name === "load" ? "read" : name === "store" ? "write" : "update", at);
    return true;
  }
  if (!movingTypes.has(place.type.name)) return false;
  walk.body.access(place, readingMethods.has(name) ? "read" : "update", at);
  return true;
}

/** `lock.unlock()` of a unique_lock, and `lock.lock()` again. */
function onGuard(walk: WalkContext, variable: string, method: string): boolean {
  const hold: NativeHold | undefined = walk.body.guards.get(variable);
  if (hold === undefined) return false;
  if (releasingMethods.has(method)) walk.body.close((open) => open === hold);
  else if (takingMethods.has(method)) walk.body.open(hold);
  return true;
}
