// Structs, enums and statics of the program, with the types of their fields and what they own of Python.
// What enters: items. What leaves: declarations by id, and where a field's type is asked for. Ids count types in the order of the items.
import { RustFlag, RustKind } from "../../sources/index.ts";
import { unknownRustType } from "../../vocabulary/index.ts";
import type { RustAttribute, RustField, RustStatic, RustStruct, RustType } from "../../vocabulary/index.ts";
import type { RustItem, RustItems } from "./collect-items.ts";
import { PythonHoldings } from "./python-holdings.ts";
import { attributesBefore } from "./read-attributes.ts";
import { substitute, typeParametersOf } from "./type-reader.ts";
import type { RustTypeReader, TypePlace } from "./type-reader.ts";

type DraftField = Omit<RustField, "holdings">;

interface DeclaredType {
  readonly item: RustItem;
  readonly fields: readonly DraftField[];
  readonly parameters: readonly string[];
}

export interface DeclaredStructs {
  readonly structs: readonly RustStruct[];
  readonly holdings: PythonHoldings;
  fieldType(owner: RustType, field: string): RustType;
  isEnum(declaration: number): boolean;
}

export function declareStructs({ items }: RustItems, types: RustTypeReader): DeclaredStructs {
  const declared = items.filter(({ reader, node }) => reader.is(node, "Struct", "Enum", "Union")).map((item) => declare(item, types));
  const holdings = new PythonHoldings(declared);
  const structs = declared.map(({ item, fields }, id) => structOf(item, id, fields, holdings));
  return {
    structs,
    holdings,
    fieldType: (owner, field) => fieldType(declared, owner, field),
    isEnum: (declaration) => structs[declaration]?.kind === "enum",
  };
}

function structOf({ node, reader, module, attributes, testOnly }: RustItem, id: number, fields: readonly DraftField[], holdings: PythonHoldings): RustStruct {
  return {
    id,
    crate: module.crate,
    kind: reader.is(node, "Enum") ? "enum" : reader.is(node, "Union") ? "union" : "struct",
    name: reader.name(node),
    span: reader.span(node),
    attributes,
    fields: fields.map((field) => ({ ...field, holdings: holdings.of(field.type) })),
    pyclass: attributes.find(({ name }) => name === "pyclass"),
    testOnly,
  };
}

function fieldType(declared: readonly DeclaredType[], owner: RustType, field: string): RustType {
  const type = owner.declaration === undefined ? undefined : declared[owner.declaration];
  const found = type?.fields.find(({ name }) => name === field);
  if (type === undefined || found === undefined) return unknownRustType;
  return substitute(found.type, new Map(type.parameters.map((parameter, index) => [parameter, owner.arguments[index] ?? unknownRustType])));
}

function declare(item: RustItem, types: RustTypeReader): DeclaredType {
  const { node, reader, module } = item;
  const parameters = typeParametersOf(reader, node);
  const named: RustType = {
    ...types.named(reader.name(node), { reader, module, self: undefined }),
    arguments: parameters.map((name) => ({ ...unknownRustType, name, path: name })),
  };
  const place = { reader, module, self: named };
  const body = reader.child(node, "body");
  if (!reader.is(node, "Enum")) return { item, parameters, fields: fieldsIn(body, "", place, types) };
  const variants = reader.childrenOfKind(body, RustKind.Variant);
  return { item, parameters, fields: variants.flatMap((variant) => fieldsIn(reader.child(variant, "body"), `${reader.name(variant)}.`, place, types)) };
}

function fieldsIn(body: number, prefix: string, place: TypePlace, types: RustTypeReader): DraftField[] {
  const { reader } = place;
  const siblings = reader.children(body);
  if (reader.is(body, "TupleFields")) {
    return reader.childrenIn(body, "type").map((node, index) => ({
      name: `${prefix}${index}`,
      type: types.read(node, place),
      attributes: attributesBefore(reader, siblings, siblings.indexOf(node)),
      span: reader.span(node),
    }));
  }
  return siblings.flatMap((node, index) =>
    reader.is(node, "Field")
      ? [
          {
            name: `${prefix}${reader.name(node)}`,
            type: types.read(reader.child(node, "type"), place),
            attributes: attributesBefore(reader, siblings, index),
            span: reader.span(node),
          },
        ]
      : [],
  );
}

/** By whole path: statics and constants, those of thread_local! and lazy_static! among them. */
export function declareStatics({ items }: RustItems, types: RustTypeReader, holdings: PythonHoldings): ReadonlyMap<string, RustStatic> {
  const found = new Map<string, RustStatic>();
  for (const { node, reader, module, attributes, macro } of items) {
    if (!reader.is(node, "Static", "Constant")) continue;
    const type = types.read(reader.child(node, "type"), { reader, module, self: undefined });
    found.set(`${module.path}::${reader.name(node)}`, {
      crate: module.crate,
      name: reader.name(node),
      type,
      mutable: (reader.detail(node) & RustFlag.Mutable) !== 0,
      threadLocal: macro === "thread_local" || isThreadLocal(attributes),
      constant: reader.is(node, "Constant"),
      holdings: holdings.of(type),
      span: reader.span(node),
    });
  }
  return found;
}

function isThreadLocal(attributes: readonly RustAttribute[]): boolean {
  return attributes.some(({ name }) => name === "thread_local");
}
