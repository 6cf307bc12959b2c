// Which functions a method of a trait may mean: its default body and those of all types of the program that implement it.
// What enters: declared functions, and items with type parameters. What leaves: ids by whole path of the method, bounds by type parameter.
import type { RustType } from "../../vocabulary/index.ts";
import type { DeclaredFunction } from "./declare-functions.ts";
import type { RustItem } from "./collect-items.ts";
import type { RustTypeReader, TypePlace } from "./type-reader.ts";

/** A trait with more says nothing about one call. */
const mostImplementors = 48;

/** "demo::Shape::area" to the functions that may run. Traits from outside count by the path they are written with. */
export function methodsOfTraits(functions: readonly DeclaredFunction[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { id, name, context, owner, trait } of functions) {
    const of = context === "trait" ? owner : context === "trait-impl" ? trait : undefined;
    if (of === undefined) continue;
    const path = `${of.path}::${name}`;
    const known = found.get(path);
    if (known === undefined) found.set(path, [id]);
    else known.push(id);
  }
  for (const [path, ids] of found) if (ids.length > mostImplementors) found.delete(path);
  return found;
}

export type TypeBounds = ReadonlyMap<string, readonly RustType[]>;

const noBounds: TypeBounds = new Map();

/** `<T: Shape>` and `where T: Shape` of a function, and of the impl block around it. */
export function boundsOf({ node, reader, container }: RustItem, types: RustTypeReader, place: TypePlace): TypeBounds {
  const around = container === undefined ? noBounds : boundsOf(container, types, { ...place, self: undefined });
  if (reader.child(node, "type_parameters") < 0) return around;
  const { tree } = reader;
  const found = new Map<string, readonly RustType[]>(around);
  const body = reader.child(node, "body");
  const end = body < 0 ? node : (tree.first[body] as number);
  for (let inner = tree.first[node] as number; inner < end; inner++) {
    const list = reader.child(inner, "bounds");
    if (list < 0) continue;
    const left = reader.child(inner, "left");
    const parameter = left < 0 ? reader.name(inner) : reader.text(left);
    const bounds = reader.children(list).map((bound) => types.read(bound, place));
    found.set(parameter, [...(found.get(parameter) ?? []), ...bounds]);
  }
  return found;
}
