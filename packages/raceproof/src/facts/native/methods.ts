// Methods of C++ classes: which ones a name means, what runs at an object's birth and end, what a binding locks around one.
// What enters: declared functions. What leaves: lookups. Misses: overloads are not told apart (all of one name are meant).
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
  readonly #bases = new Map<string, ReadonlySet<string>>();

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

  /** Of the class, or of the nearest base that has it; where none has, it is virtual and those of classes below are meant. */
  of(struct: string, name: string): readonly number[] {
    const heir = this.#types.lineageOf(struct).find((each) => this.#methods.has(`${displayStruct(each)}::${name}`));
    return heir === undefined ? this.#overrides(struct, name) : this.named(`${displayStruct(heir)}::${name}`);
  }

  #overrides(struct: string, name: string): number[] {
    return this.named(name).filter((id) => {
      const owner = this.#functions[id]?.owner;
      return owner !== undefined && owner !== struct && this.#basesAround(owner).has(struct);
    });
  }

  #basesAround(owner: string): ReadonlySet<string> {
    const bases = this.#bases.get(owner) ?? this.#types.basesAround(owner);
    this.#bases.set(owner, bases);
    return bases;
  }

  /** Names of the functions that `&scope::name` may run. */
  fullNames(scope: string, name: string): readonly string[] {
    const { struct } = this.#types.resolve(this.#types.typeNamed(scope, 0));
    if (struct === undefined) return [];
    return [...new Set([...this.of(struct, name), ...this.#overrides(struct, name)].flatMap((id) => this.#functions[id]?.name ?? []))];
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
  const section: NativeHold[] = objects.length > 0 ? [{ kind: "section", objects, ...about }] : [];
  return span.detached ? [...section, { kind: "detached", objects: [], ...about }] : section;
}
