// Patterns: which variables get which parts of a value. What enters: a pattern's node and the value matched. What leaves: bindings in the body.
import { RustKind, RustRole } from "../../sources/index.ts";
import { unknownRustType, withoutReferences } from "../../vocabulary/index.ts";
import type { RustType, RustValue } from "../../vocabulary/index.ts";
import { partOf, valueOfType } from "./body.ts";
import type { RustBody } from "./body.ts";

type Binder = (body: RustBody, node: number, value: RustValue) => void;

export function bindPattern(body: RustBody, node: number, value: RustValue): void {
  binders.get(body.reader.kind(node))?.(body, node, value);
}

function bindSlice(body: RustBody, node: number, value: RustValue): void {
  const element = partOf(value, "[]", withoutReferences(value.type).arguments[0] ?? unknownRustType);
  for (const child of body.reader.children(node)) bindPattern(body, child, element);
}

/** `&x`, `ref x`, `x @ p`, `a | b`: all inside get the same value; the condition of an arm is no pattern. */
function bindInner(body: RustBody, node: number, value: RustValue): void {
  const { reader } = body;
  for (const child of reader.children(node)) if (reader.tree.role[child] !== RustRole.condition) bindPattern(body, child, value);
}

function bindName(body: RustBody, node: number, value: RustValue): void {
  const name = body.reader.name(node);
  // Constants and variants without fields look like variables, but for their case.
  if (/^[A-Z]/.test(name) || name === "_") return;
  body.bind(node, name, value);
}

const wrappingVariants: ReadonlySet<string> = new Set(["Some", "Ok", "Err", "Ready", "Continue"]);

function bindTupleStruct(body: RustBody, node: number, value: RustValue): void {
  const { reader } = body;
  const [variant, ...parts] = reader.children(node);
  const name = variantName(reader.text(variant ?? -1));
  const type = withoutReferences(value.type);
  for (const [index, part] of parts.entries()) {
    if (wrappingVariants.has(name)) bindPattern(body, part, partOf(value, "[]", elementOf(type, name)));
    else bindPattern(body, part, fieldOf(body, value, type, `${enumPrefix(body, type, name)}${index}`));
  }
}

function elementOf(type: RustType, variant: string): RustType {
  return type.arguments[variant === "Err" ? 1 : 0] ?? unknownRustType;
}

function bindStruct(body: RustBody, node: number, value: RustValue): void {
  const { reader } = body;
  const type = withoutReferences(value.type);
  const prefix = enumPrefix(body, type, variantName(reader.text(reader.child(node, "type"))));
  for (const field of reader.childrenOfKind(node, RustKind.FieldPattern)) {
    const part = fieldOf(body, value, type, `${prefix}${reader.name(field)}`);
    const pattern = reader.child(field, "pattern");
    if (pattern >= 0) bindPattern(body, pattern, part);
    else body.bind(field, reader.name(field), part);
  }
}

function fieldOf(body: RustBody, value: RustValue, type: RustType, field: string): RustValue {
  return partOf(value, field, body.tables.fieldType(type, field));
}

/** Fields of an enum's variants are named with it. */
function enumPrefix(body: RustBody, type: RustType, variant: string): string {
  return type.declaration !== undefined && body.tables.isEnum(type.declaration) ? `${variant}.` : "";
}

function variantName(text: string): string {
  return (
    text
      .replace(/::<.*$|<.*$/, "")
      .split("::")
      .at(-1) ?? ""
  ).trim();
}

/** `(index, item)` of enumerate is the item; the parts of a map's entry have names of their own. */
function bindTuple(body: RustBody, node: number, value: RustValue): void {
  const type = withoutReferences(value.type);
  for (const [index, part] of body.reader.children(node).entries()) {
    const inside = type.name === "()" ? (type.arguments[index] ?? unknownRustType) : unknownRustType;
    if (type.path === "counted") bindPattern(body, part, index === 0 ? valueOfType(inside) : { ...value, type: inside });
    else bindPattern(body, part, partOf(value, type.path === "entry" ? (["[key]", "[value]"][index] ?? "[]") : String(index), inside));
  }
}

const binders: ReadonlyMap<number, Binder> = new Map<number, Binder>([
  [RustKind.Identifier, bindName],
  [RustKind.TupleStructPattern, bindTupleStruct],
  [RustKind.StructPattern, bindStruct],
  [RustKind.TuplePattern, bindTuple],
  [RustKind.SlicePattern, bindSlice],
  ...[RustKind.CapturedPattern, RustKind.WrappedPattern, RustKind.OrPattern, RustKind.MatchPattern, RustKind.Parenthesized].map((kind): [number, Binder] => [
    kind,
    bindInner,
  ]),
]);
