// Types as written to RustType: names resolved, aliases expanded, `Self` replaced. What enters: a type's node and where it stands.
import { RustFlag, RustKind } from "../../sources/index.ts";
import { unknownRustType } from "../../vocabulary/index.ts";
import type { RustType } from "../../vocabulary/index.ts";
import type { RustItems } from "./collect-items.ts";
import type { RustModule } from "./module-tree.ts";
import type { RustReader } from "./rust-reader.ts";

/** Where a type stands: names mean what they mean in the module, `Self` the type of the impl block. */
export interface TypePlace {
  readonly reader: RustReader;
  readonly module: RustModule;
  readonly self: RustType | undefined;
}

interface TypeAlias {
  readonly node: number;
  readonly reader: RustReader;
  readonly module: RustModule;
  readonly parameters: readonly string[];
}

const deepest = 12;

export class RustTypeReader {
  readonly #items: RustItems;
  readonly #aliases = new Map<string, TypeAlias>();
  /** Structs and enums by whole path. */
  readonly #declarations = new Map<string, number>();
  #depth = 0;

  constructor(items: RustItems) {
    this.#items = items;
    let declarations = 0;
    for (const { node, reader, module, container } of items.items) {
      const path = `${module.path}::${reader.name(node)}`;
      if (reader.is(node, "TypeAlias") && container === undefined)
        this.#aliases.set(path, { node, reader, module, parameters: typeParametersOf(reader, node) });
      else if (reader.is(node, "Struct", "Enum", "Union")) this.#declarations.set(path, declarations++);
    }
  }

  /** A path of the program or from outside, as a type without arguments. */
  named(written: string, place: TypePlace): RustType {
    return this.#named(written, [], place);
  }

  read(node: number, place: TypePlace): RustType {
    if (node < 0 || this.#depth > deepest) return unknownRustType;
    this.#depth++;
    const type = this.#read(node, place);
    this.#depth--;
    return type;
  }

  #read(node: number, place: TypePlace): RustType {
    const { reader } = place;
    const parts = (role: "type" | "element" | "trait"): RustType[] => reader.childrenIn(node, role).map((child) => this.read(child, place));
    if (reader.is(node, "Identifier", "ScopedName")) return this.#named(reader.text(node).replaceAll(/\s|<.*>/g, ""), [], place);
    if (reader.is(node, "GenericType")) return this.#named(reader.text(reader.child(node, "type")).replaceAll(/\s/g, ""), this.argumentsOf(node, place), place);
    const mutable = (reader.detail(node) & RustFlag.Mutable) !== 0;
    if (reader.is(node, "ReferenceType")) return { ...built("&", parts("type")), mutable };
    if (reader.is(node, "PointerType")) return { ...built("*", parts("type")), mutable };
    if (reader.is(node, "ArrayType")) return built("[]", parts("element"));
    if (reader.is(node, "TupleType")) return built("()", this.#typesBelow(node, place));
    if (reader.is(node, "DynamicType", "AbstractType")) {
      const bounds = parts("trait");
      return built(reader.is(node, "DynamicType") ? "dyn" : "impl", bounds);
    }
    if (reader.is(node, "FunctionType")) return built("fn", []);
    return reader.is(node, "BoundedType") ? (this.#typesBelow(node, place)[0] ?? unknownRustType) : unknownRustType;
  }

  #typesBelow(node: number, place: TypePlace): RustType[] {
    const { reader } = place;
    return reader
      .children(node)
      .filter((child) => !reader.is(child, "Lifetime"))
      .map((child) => this.read(child, place));
  }

  /** Of GenericType or GenericFunction, without lifetimes. */
  argumentsOf(node: number, place: TypePlace): RustType[] {
    return this.#typesBelow(place.reader.child(node, "type_arguments"), place);
  }

  #named(written: string, given: readonly RustType[], place: TypePlace): RustType {
    if (written === "Self" && place.self !== undefined) return place.self;
    const path = this.#items.modules.resolve(written, place.module);
    const alias = this.#aliases.get(path);
    if (alias !== undefined) return this.#expand(alias, given);
    const name = path.split("::").at(-1) as string;
    // PyO3's own alias.
    if (name === "PyObject" && /^(?:pyo3::.*)?PyObject$/.test(path)) return built("Py", [{ ...built("PyAny", []), path: "pyo3::PyAny" }], "pyo3::Py");
    return { name, path, arguments: given, mutable: false, declaration: this.#declarations.get(path) };
  }

  #expand({ node, reader, module, parameters }: TypeAlias, given: readonly RustType[]): RustType {
    const type = this.read(reader.child(node, "type"), { reader, module, self: undefined });
    return substitute(type, new Map(parameters.map((parameter, index) => [parameter, given[index] ?? unknownRustType])));
  }
}

export function built(name: string, parts: readonly RustType[], path: string = name): RustType {
  return { name, path, arguments: parts, mutable: false, declaration: undefined };
}

/** Type parameters replaced by what was given for them. */
export function substitute(type: RustType, given: ReadonlyMap<string, RustType>): RustType {
  if (given.size === 0) return type;
  const own = type.arguments.length === 0 ? given.get(type.name) : undefined;
  return own ?? { ...type, arguments: type.arguments.map((part) => substitute(part, given)) };
}

/** Names of the type parameters of an item, without lifetimes. */
export function typeParametersOf(reader: RustReader, node: number): string[] {
  return reader.childrenOfKind(reader.child(node, "type_parameters"), RustKind.TypeParameter).map((parameter) => reader.name(parameter));
}
