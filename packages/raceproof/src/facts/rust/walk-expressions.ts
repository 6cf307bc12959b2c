// Expressions that are neither calls nor control flow. What enters: a node. What leaves: its value, and the events of what it does.
import { RustFlag, RustKind, rustOperators } from "../../sources/index.ts";
import { unknownRustType, withoutReferences } from "../../vocabulary/index.ts";
import type { RustOrigin, RustValue } from "../../vocabulary/index.ts";
import { noValue, partOf, valueOfType } from "./body.ts";
import type { RustBody } from "./body.ts";
import { itemOf, methodOwner } from "./follow-methods.ts";
import { built } from "./type-reader.ts";

export type Walker = (body: RustBody, node: number) => RustValue;

function walkName(body: RustBody, node: number): RustValue {
  const name = body.reader.text(node).replaceAll(/\s/g, "");
  const local = body.lookUp(name);
  if (local !== undefined) return local;
  const found = body.tables.statics.get(body.tables.types.named(name, body.place).path);
  if (found === undefined) return { ...noValue, type: /^(?:None)$/.test(name) ? built("Option", []) : unknownRustType, constant: name };
  if (found.constant) return { ...valueOfType(found.type), constant: name };
  const place: RustOrigin = { root: { kind: "static", name: found.name }, path: [], through: [] };
  body.emit(node, { kind: "access", mode: "read", place, type: found.type, stored: undefined });
  return { ...noValue, origin: place, type: found.type };
}

function walkField(body: RustBody, node: number): RustValue {
  const value = fieldValue(body, node);
  if (value.origin.root.kind !== "none") body.emit(node, { kind: "access", mode: "read", place: value.origin, type: value.type, stored: undefined });
  return value;
}

/** Without the read. */
function fieldValue(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const base = body.evaluate(reader.child(node, "value"));
  const name = reader.name(node);
  const owner = methodOwner(base.type);
  const part = partOf(base, name, owner.name === "()" ? (owner.arguments[Number(name)] ?? unknownRustType) : body.tables.fieldType(owner, name));
  return part;
}

function walkIndex(body: RustBody, node: number): RustValue {
  const [container, index] = body.reader.children(node);
  const base = body.evaluate(container ?? -1);
  const at = body.evaluate(index ?? -1);
  body.emit(node, { kind: "operation", operation: "index", operand: base });
  if (body.reader.is(index ?? -1, "Range")) return base;
  return { ...partOf(base, "[]", itemOf(base.type)), constant: at.constant };
}

function walkUnary(body: RustBody, node: number): RustValue {
  const value = body.evaluate(body.reader.children(node)[0] ?? -1);
  const operator = rustOperators[(body.reader.detail(node) & 31) - 1];
  if (operator !== "*") return valueOfType(value.type);
  const { type, origin } = value;
  // A copy of what a guard guards is no guard.
  const through = origin.root.kind === "none" ? origin : { ...origin, through: [...origin.through, "*"] };
  return { ...value, origin: through, type: dereferencing.has(type.name) ? (type.arguments[0] ?? unknownRustType) : type };
}

const dereferencing: ReadonlySet<string> = new Set(["&", "*", "Box"]);

function walkReference(body: RustBody, node: number): RustValue {
  const value = body.evaluate(body.reader.child(node, "value"));
  return { ...value, type: { ...built("&", [value.type]), mutable: (body.reader.detail(node) & RustFlag.Mutable) !== 0 } };
}

const comparing: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">=", "&&", "||"]);

function walkBinary(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const left = body.evaluate(reader.child(node, "left"));
  const right = body.evaluate(reader.child(node, "right"));
  const operator = rustOperators[(reader.detail(node) & 31) - 1] ?? "";
  if (comparing.has(operator)) return valueOfType(built("bool", []));
  noteOperation(body, node, operator, right);
  return valueOfType(left.type);
}

function noteOperation(body: RustBody, node: number, operator: string, right: RustValue): void {
  if (/^[/%]$/.test(operator) && right.constant === undefined) body.emit(node, { kind: "operation", operation: "division", operand: right });
  else if (/^[-+*]$/.test(operator)) body.emit(node, { kind: "operation", operation: "arithmetic", operand: right });
}

function walkAssignment(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const stored = body.evaluate(reader.child(node, "right"));
  noteMoved(body, reader.child(node, "right"));
  store(body, node, "write", stored);
  return noValue;
}

function walkCompound(body: RustBody, node: number): RustValue {
  const { reader } = body;
  const right = body.evaluate(reader.child(node, "right"));
  noteOperation(body, node, rustOperators[(reader.detail(node) & 31) - 1] ?? "", right);
  store(body, node, "update", right);
  return noValue;
}

function store(body: RustBody, node: number, mode: "write" | "update", stored: RustValue): void {
  const { reader } = body;
  const left = reader.child(node, "left");
  const local = reader.is(left, "Identifier") ? reader.name(left) : undefined;
  if (local !== undefined && body.lookUp(local) !== undefined) return mode === "write" ? body.rebind(node, local, stored) : undefined;
  const target = reader.is(left, "FieldAccess") ? fieldValue(body, left) : body.evaluate(left);
  if (target.origin.root.kind !== "none") body.emit(node, { kind: "access", mode, place: target.origin, type: withoutReferences(target.type), stored });
}

function walkStruct(body: RustBody, node: number): RustValue {
  const { reader } = body;
  for (const initializer of reader.children(reader.child(node, "body"))) {
    const value = reader.is(initializer, "FieldInitializer") ? reader.child(initializer, "value") : (reader.children(initializer).at(-1) ?? -1);
    body.evaluate(value);
    noteMoved(body, value);
  }
  const name = reader.child(node, "name");
  const type = body.tables.types.read(name, body.place);
  return valueOfType(type);
}

function walkTuple(body: RustBody, node: number): RustValue {
  const parts = body.reader.children(node).map((child) => {
    noteMoved(body, child);
    return body.evaluate(child).type;
  });
  return valueOfType(built("()", parts));
}

function walkArray(body: RustBody, node: number): RustValue {
  const parts = body.reader.children(node).map((child) => body.evaluate(child).type);
  return valueOfType(built("[]", parts.slice(0, 1)));
}

function walkCast(body: RustBody, node: number): RustValue {
  const value = body.evaluate(body.reader.child(node, "value"));
  return { ...value, type: body.tables.types.read(body.reader.child(node, "type"), body.place) };
}

/** `?`: the inside of an Option or Result. */
function walkTry(body: RustBody, node: number): RustValue {
  const value = body.evaluate(body.reader.children(node)[0] ?? -1);
  const type = withoutReferences(value.type);
  return {
    ...value,
    type: type.name === "Option" || type.name === "Result" || type.name === "PyResult" ? (type.arguments[0] ?? unknownRustType) : unknownRustType,
  };
}

function walkInner(body: RustBody, node: number): RustValue {
  let value: RustValue = noValue;
  for (const child of body.reader.children(node)) value = body.evaluate(child);
  return value;
}

function walkLiteral(body: RustBody, node: number): RustValue {
  const type = body.reader.is(node, "Text") ? built("&", [built("str", [])]) : built(body.reader.is(node, "Boolean") ? "bool" : "number", []);
  return { ...valueOfType(type), constant: body.reader.shortText(node) };
}

/** A variable given away as a whole is not dropped here. */
export function noteMoved(body: RustBody, node: number): void {
  if (body.reader.is(node, "Identifier")) body.moved.add(body.reader.name(node));
}

export const expressionWalkers: ReadonlyMap<number, Walker> = new Map<number, Walker>([
  [RustKind.Identifier, walkName],
  [RustKind.ScopedName, walkName],
  [RustKind.FieldAccess, walkField],
  [RustKind.Index, walkIndex],
  [RustKind.Unary, walkUnary],
  [RustKind.Reference, walkReference],
  [RustKind.Binary, walkBinary],
  [RustKind.Assignment, walkAssignment],
  [RustKind.CompoundAssignment, walkCompound],
  [RustKind.StructLiteral, walkStruct],
  [RustKind.Tuple, walkTuple],
  [RustKind.Array, walkArray],
  [RustKind.Cast, walkCast],
  [RustKind.Try, walkTry],
  [RustKind.Number, walkLiteral],
  [RustKind.Text, walkLiteral],
  [RustKind.Boolean, walkLiteral],
  [RustKind.Parenthesized, walkInner],
  [RustKind.Await, walkInner],
  [RustKind.Range, walkInner],
  [RustKind.Other, walkInner],
  [RustKind.Error, walkInner],
]);
