// Expressions of C in evaluation order: what they read and store, and the pointer they evaluate to.
// What enters: an expression node. What leaves: a value; accesses and assignments are recorded in the body on the way.
// Misses: pointers through integers; the second alternative of `?:` where the first is known.
import { childrenOf, childrenWithRole, childWithRole, CAccess, CKind, COperator, CRole, nameOf, textOf } from "../../sources/index.ts";
import { asObject, interiorOrigin, isModuleState, noOrigin } from "../../vocabulary/index.ts";
import { readDeclarator, typeNameOf } from "./declarators.ts";
import type { WalkContext } from "./walk-context.ts";
import { displayStruct, isNumber } from "./type-table.ts";
import { constantValue, elementPlace, fieldPlace, loadedValue, noValue } from "./values.ts";
import type { NativePlace, NativeValue } from "./values.ts";

type Evaluator = (walk: WalkContext, node: number) => NativeValue;

export function evaluate(walk: WalkContext, node: number): NativeValue {
  if (node < 0) return noValue;
  const { tree } = walk.reader;
  const evaluator = evaluators.get(tree.kind[node] ?? 0);
  return evaluator === undefined ? childrenOf(tree, node).reduce((_, child) => evaluate(walk, child), noValue) : evaluator(walk, node);
}

function constantOf({ reader }: WalkContext, node: number): NativeValue {
  return constantValue(textOf(reader.tree, node));
}

function nothing(): NativeValue {
  return noValue;
}

const evaluators: ReadonlyMap<number, Evaluator> = new Map<number, Evaluator>([
  ...[CKind.Identifier, CKind.Qualified, CKind.Member, CKind.Subscript, CKind.Dereference].map((kind) => [kind, read] as const),
  ...[CKind.Number, CKind.Char, CKind.String, CKind.Concatenation, CKind.True, CKind.False].map((kind) => [kind, constantOf] as const),
  ...[CKind.Sizeof, CKind.Alignof, CKind.Offsetof, CKind.Lambda].map((kind) => [kind, nothing] as const),
  [CKind.Null, () => constantValue("NULL")],
  [CKind.This, ({ body }) => body.environment.read("this")],
  [CKind.New, create],
  [CKind.Call, (walk, node) => walk.call(walk, node)],
  [CKind.Assignment, assign],
  [CKind.Update, update],
  [CKind.AddressOf, (walk, node) => addressOf(walk, childWithRole(walk.reader.tree, node, CRole.operand))],
  [CKind.Cast, cast],
  [CKind.Binary, binary],
  [CKind.Unary, unary],
  [CKind.Conditional, conditional],
]);

/** `new Node(value)` */
function create(walk: WalkContext, node: number): NativeValue {
  const { tree } = walk.reader;
  for (const argument of childrenWithRole(tree, node, CRole.argument)) evaluate(walk, argument);
  const type = walk.types.resolve(walk.types.typeNamed(typeNameOf(tree, node), 1));
  return { ...noValue, type, origin: { root: { kind: "fresh", call: walk.body.next }, path: [], interior: false, ownerDepth: -1 } };
}

/** The place an expression names; evaluates what stands in front of it. */
export function placeOf(walk: WalkContext, node: number): NativePlace {
  const { tree } = walk.reader;
  switch (node < 0 ? -1 : tree.kind[node]) {
    case CKind.Identifier:
    case CKind.Qualified:
      return variablePlace(walk, nameOf(tree, node));
    case CKind.Member: {
      const object = childWithRole(tree, node, CRole.object);
      const base = tree.detail[node] === CAccess.Arrow ? evaluate(walk, object) : addressOf(walk, object);
      return fieldPlace(walk.types, base, nameOf(tree, node));
    }
    case CKind.Subscript: {
      const base = evaluate(walk, childWithRole(tree, node, CRole.object));
      evaluate(walk, childWithRole(tree, node, CRole.index));
      return elementPlace(walk.types, base);
    }
    case CKind.Dereference: {
      const base = evaluate(walk, childWithRole(tree, node, CRole.operand));
      const pointee = base.origin.root.kind === "local" && base.origin.path.length === 0 ? base.origin.root.name : undefined;
      return pointee === undefined ? elementPlace(walk.types, base) : variablePlace(walk, pointee);
    }
    case CKind.Cast:
      return placeOf(walk, childWithRole(tree, node, CRole.value));
    default:
      evaluate(walk, node);
      return { kind: "none" };
  }
}

function variablePlace(walk: WalkContext, name: string): NativePlace {
  const type = walk.body.environment.typeOf(name);
  if (type !== undefined) return { kind: "local", name, type };
  const member = fieldPlace(walk.types, walk.body.environment.read("this"), name);
  return member.kind === "memory" ? member : (walk.staticPlace(name) ?? member);
}

function read(walk: WalkContext, node: number): NativeValue {
  const place = placeOf(walk, node);
  if (place.kind === "local") {
    const value = walk.body.environment.read(place.name);
    // A struct variable stands for its own memory.
    return place.type.pointers === 0 && place.type.struct !== undefined ? addressOf(walk, node) : value;
  }
  if (place.kind === "none") return walk.constant(walk, node);
  if (!place.embedded) walk.body.access(place, "read", walk.reader.placeOf(node));
  else if (place.location.endsWith(".*")) walk.body.access({ ...place, embedded: false }, "read", walk.reader.placeOf(node));
  const value = loadedValue(walk.types, place);
  return { ...value, origin: walk.body.environment.resolve(value.origin) };
}

export function addressOf(walk: WalkContext, node: number): NativeValue {
  const { tree } = walk.reader;
  if (node >= 0 && tree.kind[node] === CKind.Call) return evaluate(walk, node);
  return addressOfPlace(walk, placeOf(walk, node), node);
}

/** The same for a name of which there is no node. */
export function addressOfName(walk: WalkContext, name: string): NativeValue {
  return addressOfPlace(walk, variablePlace(walk, name), -1);
}

export function addressOfPlace(walk: WalkContext, place: NativePlace, node: number): NativeValue {
  const { tree } = walk.reader;
  if (place.kind === "none") return noValue;
  if (place.kind === "local" && place.type.reference === true) return walk.body.environment.read(place.name);
  if (place.kind === "local") {
    const origin = { root: { kind: "local", name: place.name } as const, path: [], interior: false, ownerDepth: -1 };
    return { ...noValue, origin, type: { ...place.type, pointers: place.type.pointers + 1 } };
  }
  const element = tree.kind[node] === CKind.Subscript || tree.kind[node] === CKind.Dereference;
  const origin = walk.body.environment.resolve(element ? interiorOrigin(place.base) : place.address);
  return {
    ...noValue,
    origin: tree.kind[node] === CKind.Dereference ? place.base : origin,
    type: { ...place.type, pointers: place.type.pointers + 1 },
    loadedFrom: place.location,
    through: place.through,
  };
}

function assign(walk: WalkContext, node: number): NativeValue {
  const { tree } = walk.reader;
  const compound = tree.detail[node] !== COperator.Assign;
  const left = childWithRole(tree, node, CRole.left);
  const place = placeOf(walk, left);
  const value = evaluate(walk, childWithRole(tree, node, CRole.right));
  if (compound && place.kind === "local") {
    const before = walk.body.environment.read(place.name);
    const moved = { ...before, origin: interiorOrigin(before.origin) };
    walk.body.environment.assign(place.name, moved, walk.body.next);
    return moved;
  }
  storeInto(walk, { place, value, mode: compound ? "update" : "write", node });
  return value;
}

export interface Storing {
  readonly place: NativePlace;
  readonly value: NativeValue;
  readonly mode: "write" | "update";
  readonly node: number;
}

export function storeInto(walk: WalkContext, { place, value, mode, node }: Storing): void {
  const { body, reader } = walk;
  const { struct } = place.kind === "none" ? noValue.type : place.type;
  if (struct !== undefined && isModuleState(value.origin)) walk.types.moduleStates.add(displayStruct(struct));
  if (place.kind === "local") {
    const kept = isNumber(place.type) ? { ...value, origin: noOrigin } : value;
    const order = body.record(
      { kind: "assignment", local: place.name, value: kept.origin, loadedFrom: value.loadedFrom, through: value.through },
      reader.placeOf(node),
    );
    body.environment.assign(place.name, kept, order);
  } else if (place.kind === "memory") {
    body.access(place.embedded ? { ...place, embedded: false } : place, mode, reader.placeOf(node), mode === "write" ? value : undefined);
    if (mode === "write") body.store(place.address.root.kind === "none" ? place.base : place.address, value);
  }
}

function update(walk: WalkContext, node: number): NativeValue {
  const place = placeOf(walk, childWithRole(walk.reader.tree, node, CRole.operand));
  if (place.kind === "memory") {
    walk.body.access(place, "update", walk.reader.placeOf(node));
    return { ...noValue, type: place.type };
  }
  if (place.kind !== "local") return noValue;
  const value = walk.body.environment.read(place.name);
  const moved = { ...value, origin: interiorOrigin(value.origin) };
  // Stepping a pointer through an array is no new look at where the array is: the order of its assignment stays.
  walk.body.environment.assign(place.name, moved, value.through?.assigned ?? walk.body.next);
  return moved;
}

function cast(walk: WalkContext, node: number): NativeValue {
  const { tree } = walk.reader;
  const value = evaluate(walk, childWithRole(tree, node, CRole.value));
  const descriptor = childWithRole(tree, node, CRole.type);
  if (descriptor < 0) return value;
  const declarator = readDeclarator(tree, childWithRole(tree, descriptor, CRole.declarator));
  const type = walk.types.resolve(walk.types.typeNamed(typeNameOf(tree, descriptor), declarator.pointers, declarator.functionPointer));
  if (type.struct !== undefined && isModuleState(value.origin)) walk.types.moduleStates.add(displayStruct(type.struct));
  if (!walk.types.pointsAtObject(type)) return { ...value, type: type.pointers > 0 ? type : value.type };
  return { ...value, type, origin: asObject(value.origin), object: type.struct ?? value.object };
}

function binary(walk: WalkContext, node: number): NativeValue {
  const { tree } = walk.reader;
  const left = evaluate(walk, childWithRole(tree, node, CRole.left));
  const shortCircuit = tree.detail[node] === COperator.And || tree.detail[node] === COperator.Or;
  const before = shortCircuit ? walk.body.environment.snapshot() : undefined;
  const right = evaluate(walk, childWithRole(tree, node, CRole.right));
  if (before) walk.body.environment.join(before);
  const arithmetic = tree.detail[node] === COperator.Add || tree.detail[node] === COperator.Sub;
  if (!arithmetic) return noValue;
  const pointer = left.type.pointers > 0 ? left : right.type.pointers > 0 ? right : undefined;
  return pointer === undefined ? noValue : { ...pointer, origin: interiorOrigin(pointer.origin) };
}

function unary(walk: WalkContext, node: number): NativeValue {
  const { tree } = walk.reader;
  const operand = evaluate(walk, childWithRole(tree, node, CRole.operand));
  return operand.constant !== undefined ? constantValue(textOf(tree, node)) : noValue;
}

function conditional(walk: WalkContext, node: number): NativeValue {
  const { tree } = walk.reader;
  evaluate(walk, childWithRole(tree, node, CRole.condition));
  const first = evaluate(walk, childWithRole(tree, node, CRole.consequence));
  const second = evaluate(walk, childWithRole(tree, node, CRole.alternative));
  return first.origin.root.kind === "none" ? second : first;
}
