// Methods of C++ classes: which one a name means, what runs at an object's birth and end, what a binding locks around one.
// What enters: declared functions. What leaves: lookups. Misses: overrides in subclasses, overloads (all of one name are meant).
import type { NativeEntry, NativeHold } from "../../vocabulary/index.ts";
import type { BoundSpan } from "./bindings.ts";
import type { DeclaredFunction } from "./declare-functions.ts";
import { displayStruct } from "./type-table.ts";
import type { NativeTypeTable } from "./type-table.ts";

const none: readonly number[] = [];

export class MethodTable {
  /** By "Class::name" and by "name". */
  readonly #methods = new Map<string, number[]>();
  readonly #functions: readonly DeclaredFunction[];
  readonly #types: NativeTypeTable;

  constructor(functions: readonly DeclaredFunction[], types: NativeTypeTable) {
    this.#types = types;
    this.#functions = functions;
    for (const { id, name, owner } of functions) {
      if (owner === undefined) continue;
      for (const key of [name, name.slice(name.lastIndexOf(":") + 1)]) this.#methods.set(key, [...(this.#methods.get(key) ?? []), id]);
    }
  }

  named(name: string): readonly number[] {
    return this.#methods.get(name) ?? none;
  }

  /** The full name of `scope::name`, which a base class may have given it. */
  fullName(scope: string, name: string): string | undefined {
    const { struct } = this.#types.resolve(this.#types.typeNamed(scope, 0));
    const [id] = struct === undefined ? none : this.of(struct, name);
    return id === undefined ? undefined : this.#functions[id]?.name;
  }

  /** Of the class, or of the nearest base that has it. */
  of(struct: string, name: string): readonly number[] {
    const own = this.#methods.get(`${displayStruct(struct)}::${name}`);
    if (own !== undefined) return own;
    for (const base of this.#types.basesOf(struct)) {
      const inherited = base === struct ? none : this.of(base, name);
      if (inherited.length > 0) return inherited;
    }
    return none;
  }
}

/** Modules are made once; an object under construction, or at its end, is nobody else's. */
export function lifetimeEntries({ name, owner }: DeclaredFunction): NativeEntry[] {
  if (/^(PyInit_|PYBIND11_MODULE_|NB_MODULE_)/.test(name)) return [{ kind: "module", name, table: "", company: "import" }];
  if (owner === undefined) return [];
  const method = name.slice(name.lastIndexOf("::") + 2);
  if (method === displayStruct(owner)) return [{ kind: "slot", name: "constructor", table: "", company: "construction" }];
  return method.startsWith("~") ? [{ kind: "slot", name: "destructor", table: "", company: "last" }] : [];
}

export function holdsOfBinding(span: BoundSpan | undefined, { reader, nameNode }: DeclaredFunction): NativeHold[] {
  if (span === undefined) return [];
  const about = { since: -1, span: reader.spanOf(nameNode) };
  const objects = span.locked.map((index) => ({ root: { kind: "parameter", index } as const, path: [], interior: false, ownerDepth: 0 }));
  return [
    ...(objects.length > 0 ? [{ kind: "section" as const, objects, ...about }] : []),
    ...(span.detached ? [{ kind: "detached" as const, objects: [], ...about }] : []),
  ];
}
