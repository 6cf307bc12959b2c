// Calls in C: functions of the program by their summaries, Python's API and the C library by what the models say.
// What enters: a call node. What leaves: its value; accesses, frees, locks and the call itself are recorded in the body.
// Misses: calls through pointers, varargs that carry pointers to structs.
import { childrenWithRole, childWithRole, CKind, CRole, nameOf } from "../../sources/index.ts";
import { asObject, fieldOrigin, interiorOrigin, moduleStateOrigin, noOrigin } from "../../vocabulary/index.ts";
import type { NativeCall, NativeOrigin } from "../../vocabulary/index.ts";
import {
  borrowedResults,
  copiedArguments,
  freedArguments,
  freshMemory,
  freshObject,
  movedArguments,
  attachingCalls,
  detachingCalls,
  nativeLocks,
  nativeSpanEnds,
  nativeSpans,
  nativeUnlocks,
  pythonCalls,
} from "../../models/index.ts";
import { methodCallAt } from "./walk-method-call.ts";
import type { MethodCall } from "./walk-method-call.ts";
import { runTargets } from "./call-targets.ts";
import { effectOnValues, isOnTheWayOut, noteStrings } from "./effect-on-values.ts";
import { worseEffect } from "./summaries.ts";
import { elementPlace, noValue } from "./values.ts";
import type { NativeValue } from "./values.ts";
import { addressOf, evaluate, placeOf, storeInto } from "./walk-expression.ts";
import type { WalkContext } from "./walk-context.ts";

const debugChecks = /^(assert|Py_BUILD_ASSERT|static_assert|_Static_assert|NDEBUG_ASSERT)$/;
const sameReference = /^Py_X?NewRef$|^(reinterpret|static|const)_cast$|^_?PyObject_CAST$/;
const clearing: ReadonlySet<string> = new Set(["Py_CLEAR", "Py_SETREF", "Py_XSETREF"]);
const atomicCall = /^(_Py_atomic_|atomic_|FT_ATOMIC_|__atomic_|__sync_|PyUnstable_Atomic)/;
const parsing = /^_?PyArg_(Parse|VaParse|Unpack)\w*$/;
const moduleState = /^_?Py(Module_GetState|Type_GetModuleState)$/;

export function evaluateCall(walk: WalkContext, node: number): NativeValue {
  const { tree } = walk.reader;
  const name = nameOf(tree, node);
  const nodes = childrenWithRole(tree, node, CRole.argument);
  if (debugChecks.test(name)) {
    walk.body.debug++;
    for (const argument of nodes) evaluate(walk, argument);
    walk.body.debug--;
    return noValue;
  }
  if (clearing.has(name)) return clear(walk, { node, name, nodes });
  if (atomicCall.test(name)) return atomically(walk, { node, name, nodes });
  if (nativeSpans.has(name) || nativeSpanEnds.has(name)) return boundary(walk, { node, name, nodes });
  const method = methodCallAt(walk, node);
  if (method === "done") {
    for (const argument of nodes) evaluate(walk, argument);
    return noValue;
  }
  if (method === undefined && tree.kind[childWithRole(tree, node, CRole.function)] !== CKind.Identifier)
    evaluate(walk, childWithRole(tree, node, CRole.function));
  return ordinaryCall(walk, { node, name, nodes }, method);
}

interface CallNode {
  readonly node: number;
  readonly name: string;
  readonly nodes: readonly number[];
}

function ordinaryCall(walk: WalkContext, call: CallNode, method?: MethodCall): NativeValue {
  const { body } = walk;
  const values = [...(method?.receiver ? [method.receiver] : []), ...call.nodes.map((argument) => evaluate(walk, argument))];
  lock(walk, call, values);
  memory(walk, call, values);
  const targets = method?.targets ?? walk.targetsOf(call.name);
  const own = method !== undefined && pythonCalls.has(call.name) ? "runs-python" : effectOnValues(walk.body, call.name, values);
  const ran = runTargets(walk, { name: call.name, targets, values, place: walk.reader.placeOf(call.node), order: body.next });
  const effect = worseEffect(targets.length > 0 ? "none" : own, ran.effect);
  const order = recordCall(walk, call, { origins: values.map(({ origin }) => body.environment.resolve(origin)), values, effect, targets: ran.targets });
  noteStrings(walk, call.name, { targets, values });
  if (!isOnTheWayOut(call.name)) body.setsOff(effect);
  if (parsing.test(call.name)) receive(walk, values, order);
  return targets.length > 0 ? ran.value : returned(call.name, { values, order, ran: ran.value });
}

interface Returning {
  readonly values: readonly NativeValue[];
  readonly order: number;
  readonly ran: NativeValue;
}

/** What a function outside the program returns. */
function returned(name: string, { values, order, ran }: Returning): NativeValue {
  const lent = elementOf(name, values);
  if (lent !== undefined) return lent;
  if (sameReference.test(name)) return values.at(-1) ?? noValue;
  if (moduleState.test(name)) return { ...noValue, origin: moduleStateOrigin };
  const kind = freshMemory.test(name) || freshObject.test(name) ? "fresh" : "result";
  if (kind === "result" && ran.origin.root.kind !== "none") return ran;
  return { ...noValue, origin: { root: { kind, call: order }, path: [], interior: false, ownerDepth: -1 } };
}

/** Objects that the caller passed arrive in local variables whose addresses are given. */
function receive({ body, types }: WalkContext, values: readonly NativeValue[], order: number): void {
  for (const { origin } of values) {
    const type = origin.root.kind === "local" && origin.path.length === 0 ? body.environment.typeOf(origin.root.name) : undefined;
    if (type === undefined || origin.root.kind !== "local" || !types.pointsAtObject(type)) continue;
    body.environment.assign(
      origin.root.name,
      { ...noValue, type, origin: asObject({ ...noOrigin, root: { kind: "result", call: order } }), object: type.struct },
      order,
    );
  }
}

/** What a borrowing getter returns is an element of the container it is given. */
function elementOf(name: string, [container]: readonly NativeValue[]): NativeValue | undefined {
  const lender = borrowedResults.get(name)?.lender;
  if (container === undefined || lender === undefined || (lender.kind !== "argument" && lender.kind !== "frozen")) return undefined;
  return { ...noValue, origin: fieldOrigin(asObject(container.origin), "[]", true) };
}

function recordCall(
  walk: WalkContext,
  { node, name }: CallNode,
  {
    origins,
    values,
    effect,
    targets,
  }: { origins: readonly NativeOrigin[]; values: readonly NativeValue[]; effect: NativeCall["effect"]; targets: readonly number[] },
): number {
  return walk.body.record(
    {
      kind: "call",
      callee: name,
      targets,
      arguments: origins,
      passed: values.flatMap(({ origin }, argument) =>
        origin.root.kind === "local" || origin.root.kind === "fresh"
          ? walk.body.environment.fieldsOf(origin).map(({ path, value }) => ({ argument, path, value: value.origin }))
          : [],
      ),
      effect,
    },
    walk.reader.placeOf(node),
  );
}

/** `Py_CLEAR(x->f)`, `Py_SETREF(x->f, v)`: the field is replaced, then the old reference is dropped. */
function clear(walk: WalkContext, call: CallNode): NativeValue {
  const target = call.nodes[0] ?? -1;
  const place = placeOf(walk, target);
  const value = call.nodes.length > 1 ? evaluate(walk, call.nodes[1] as number) : { ...noValue, constant: "NULL" };
  const before = place.kind === "memory" ? place.address : noOrigin;
  if (place.kind === "memory") walk.body.access(place, "read", walk.reader.placeOf(target));
  storeInto(walk, { place, value, mode: "write", node: call.node });
  // The field is named, not what it holds by now.
  recordCall(walk, call, { origins: [before, value.origin], values: [value], effect: "runs-python", targets: [] });
  walk.body.setsOff("runs-python");
  return noValue;
}

function atomically(walk: WalkContext, { node, name, nodes }: CallNode): NativeValue {
  const { tree } = walk.reader;
  const first = nodes[0] ?? -1;
  const operand = first >= 0 && tree.kind[first] === CKind.AddressOf ? childWithRole(tree, first, CRole.operand) : first;
  const place = placeOf(walk, operand);
  for (const rest of nodes.slice(1)) evaluate(walk, rest);
  const mode = /load/i.test(name) ? "read" : /store/i.test(name) ? "write" : "update";
  if (place.kind === "memory") walk.body.access({ ...place, embedded: false, atomic: true }, mode, walk.reader.placeOf(node));
  return place.kind === "memory" ? { ...noValue, origin: place.address, type: place.type, loadedFrom: place.location } : noValue;
}

/** A span opened or closed by a call of its own, outside a block the front end understood. */
function boundary(walk: WalkContext, { node, name, nodes }: CallNode): NativeValue {
  const objects = nodes.map((argument) => walk.body.environment.resolve(evaluate(walk, argument).origin));
  const place = walk.reader.placeOf(node);
  const opens = nativeSpans.get(name);
  if (opens === undefined) {
    walk.body.record({ kind: "close", macro: name, objects, labeled: undefined }, place);
    const { held, next } = walk.body;
    if (attachingCalls.has(name) && !held.some(({ kind }) => kind === "detached"))
      walk.body.open({ kind: "attached", objects: [], since: next, span: place.span });
    else walk.body.close(({ kind }) => kind === "section" || kind === "detached");
  } else {
    const since = walk.body.record({ kind: "open", macro: name, objects, labeled: undefined }, place);
    if (detachingCalls.has(name) && walk.body.held.at(-1)?.kind === "attached") walk.body.close(({ kind }) => kind === "attached");
    else walk.body.open({ kind: opens.kind, objects: objects.slice(0, opens.objects), since, span: place.span });
  }
  return noValue;
}

function lock(walk: WalkContext, { name, node }: CallNode, values: readonly NativeValue[]): void {
  const { body, reader } = walk;
  const object = body.environment.resolve(values[0]?.origin ?? noOrigin);
  if (nativeLocks.has(name)) body.open({ kind: "lock", objects: [object], since: body.next, span: reader.spanOf(node) });
  else if (nativeUnlocks.has(name)) body.close(({ kind }) => kind === "lock");
  else if (attachingCalls.has(name)) body.open({ kind: "attached", objects: [], since: body.next, span: reader.spanOf(node) });
  else if (detachingCalls.has(name)) body.close(({ kind }) => kind === "attached");
}

function memory(walk: WalkContext, { name, node, nodes }: CallNode, values: readonly NativeValue[]): void {
  const { body, reader, types } = walk;
  const at = reader.placeOf(node);
  const gone = freedArguments.get(name) ?? movedArguments.get(name);
  const freed = gone === undefined ? undefined : values[gone];
  if (freed) body.free(freed.origin, freed.loadedFrom, at);
  const copied = copiedArguments.get(name);
  if (copied === undefined) return;
  copied.forEach((index, position) => {
    const value = values[index] ?? (nodes[index] === undefined ? noValue : addressOf(walk, nodes[index] as number));
    const place = elementPlace(types, value);
    const embedded = place.kind === "memory" ? { ...place, embedded: false, base: interiorOrigin(place.base) } : place;
    body.access(embedded, position === 0 ? "write" : "read", at);
  });
}
