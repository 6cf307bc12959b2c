// What an expression of C evaluates to, as far as shared memory is concerned.
import { asObject, fieldOrigin, interiorOrigin, noOrigin } from "../../vocabulary/index.ts";
import type { NativeContent, NativeOrigin } from "../../vocabulary/index.ts";
import { displayStruct, unknownType } from "./type-table.ts";
import type { NativeType, NativeTypeTable } from "./type-table.ts";

export interface NativeValue {
  readonly origin: NativeOrigin;
  readonly type: NativeType;
  /** Struct of the object behind a pointer whose declared type says less: kept through casts to PyObject. */
  readonly object: string | undefined;
  /** Location it was loaded from: "MultiDictObject.keys". */
  readonly loadedFrom: string | undefined;
  /** Text, when it is a constant. */
  readonly constant: string | undefined;
  /** The local variable the pointer comes through, directly or by arithmetic, and the order of its assignment. */
  readonly through: { readonly local: string; readonly assigned: number } | undefined;
}

export const noValue: NativeValue = { origin: noOrigin, type: unknownType, object: undefined, loadedFrom: undefined, constant: undefined, through: undefined };

export function constantValue(text: string): NativeValue {
  return { ...noValue, constant: text };
}

/** Memory an expression names: what an assignment stores into. */
export type NativePlace =
  | { readonly kind: "local"; readonly name: string; readonly type: NativeType }
  | {
      readonly kind: "memory";
      /** "Struct.field", "Struct.field[]" for elements of the array a field holds, a static's name; "" for elements of what a caller passed. */
      readonly location: string;
      readonly holds: NativeContent;
      /** Address of the struct or of the elements. */
      readonly base: NativeOrigin;
      /** Address of the place itself: what an embedded struct or array evaluates to. */
      readonly address: NativeOrigin;
      readonly type: NativeType;
      /** A struct or array inside: naming it reads nothing. */
      readonly embedded: boolean;
      readonly atomic: boolean;
      readonly through: NativeValue["through"];
    }
  | { readonly kind: "none" };

/** `base->name` */
export function fieldPlace(types: NativeTypeTable, base: NativeValue, name: string): NativePlace {
  const struct = types.resolve({ ...base.type, pointers: 0 }).struct ?? base.object;
  const field = struct === undefined ? undefined : types.field(struct, name);
  if (struct === undefined || field === undefined) return { kind: "none" };
  const owner = types.pointsAtObject({ ...base.type, pointers: 1 }) ? asObject(base.origin) : base.origin;
  const embedded = field.array || (field.type.pointers === 0 && field.type.struct !== undefined);
  return {
    kind: "memory",
    location: `${displayStruct(field.owner)}.${name}`,
    holds: types.holds(field.type),
    base: owner,
    address: fieldOrigin(owner, name, !embedded && types.pointsAtObject(field.type)),
    type: field.array ? { ...field.type, pointers: field.type.pointers + 1 } : field.type,
    embedded,
    atomic: field.atomic,
    through: base.through,
  };
}

/** `base[...]` or `*base` */
export function elementPlace(types: NativeTypeTable, base: NativeValue): NativePlace {
  if (base.type.pointers === 0) return { kind: "none" };
  const type = types.resolve({ ...base.type, pointers: base.type.pointers - 1 });
  const address = interiorOrigin(base.origin);
  if (type.pointers === 0 && type.struct !== undefined) {
    return {
      kind: "memory",
      location: `${displayStruct(type.struct)}.*`,
      holds: "struct",
      base: address,
      address,
      type,
      embedded: true,
      atomic: false,
      through: base.through,
    };
  }
  const object = types.pointsAtObject(type);
  const location = base.loadedFrom === undefined ? "" : base.loadedFrom.endsWith("[]") ? base.loadedFrom : `${base.loadedFrom}[]`;
  const element = fieldOrigin(base.origin, "[]", object);
  return { kind: "memory", location, holds: types.holds(type), base: address, address: element, type, embedded: false, atomic: false, through: base.through };
}

/** What reading a place gives. */
export function loadedValue(types: NativeTypeTable, place: Extract<NativePlace, { kind: "memory" }>): NativeValue {
  const pointer = place.embedded && place.type.pointers === 0 ? { ...place.type, pointers: 1 } : place.type;
  const origin = types.pointsAtObject(pointer) && !place.embedded ? asObject(place.address) : place.address;
  return { ...noValue, origin, type: pointer, loadedFrom: place.location, through: place.embedded ? place.through : undefined };
}
