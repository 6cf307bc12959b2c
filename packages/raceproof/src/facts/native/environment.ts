// What the local variables of a C function hold at a point of its body.
// What enters: assignments in order. What leaves: values. Branches are walked one after the other and joined: a variable keeps what the branch that
// goes on gave it. Loops are walked once. Misses: values that only a second round of a loop brings; variables of the same name in nested blocks.
import { noOrigin, originKey } from "../../vocabulary/index.ts";
import type { NativeOrigin } from "../../vocabulary/index.ts";
import { noValue } from "./values.ts";
import type { NativeValue } from "./values.ts";
import type { NativeType } from "./types.ts";

interface Held {
  readonly value: NativeValue;
  readonly assigned: number;
}

export class NativeEnvironment {
  #held = new Map<string, Held>();
  readonly #types = new Map<string, NativeType>();

  declare(name: string, type: NativeType): void {
    this.#types.set(name, type);
  }

  typeOf(name: string): NativeType | undefined {
    return this.#types.get(name);
  }

  assign(name: string, value: NativeValue, order: number): void {
    this.#held.set(keyOf(name), { value, assigned: order });
  }

  /** Remembers what a field holds of a struct that only this call knows. */
  store(target: NativeOrigin, value: NativeValue, order: number): void {
    if (isPrivate(target)) this.#held.set(originKey({ ...target, interior: false }), { value, assigned: order });
  }

  read(name: string): NativeValue {
    const held = this.#held.get(keyOf(name));
    const type = this.#types.get(name);
    if (type === undefined) return noValue;
    if (held === undefined) return { ...noValue, type };
    const pointer = held.value.type.struct !== undefined && type.struct === undefined ? held.value.type : type;
    return { ...held.value, type: pointer.pointers > 0 ? pointer : type, constant: undefined, through: { local: name, assigned: held.assigned } };
  }

  /** The same memory named from where it is stored: fields of local and fresh structs are replaced by what was stored there. */
  resolve(origin: NativeOrigin): NativeOrigin {
    if (!isPrivate(origin)) return origin;
    for (let length = origin.path.length; length > 0; length--) {
      const held = this.#held.get(originKey({ ...origin, path: origin.path.slice(0, length), interior: false }));
      if (held === undefined) continue;
      const rest = origin.path.slice(length);
      const { origin: known } = held.value;
      const moved: NativeOrigin = {
        root: known.root,
        path: [...known.path, ...rest],
        interior: origin.interior || (rest.length === 0 && known.interior),
        ownerDepth: origin.ownerDepth > length ? known.path.length + origin.ownerDepth - length : known.ownerDepth,
      };
      return length === origin.path.length && moved.root.kind === origin.root.kind ? moved : this.resolve(moved);
    }
    return origin;
  }

  /** Fields stored into a struct of this call, by the path below it. */
  fieldsOf(root: NativeOrigin): { path: readonly string[]; value: NativeValue }[] {
    const prefix = `${originKey({ ...root, interior: false })}.`;
    return [...this.#held].filter(([key]) => key.startsWith(prefix)).map(([key, { value }]) => ({ path: key.slice(prefix.length).split("."), value }));
  }

  snapshot(): ReadonlyMap<string, Held> {
    return new Map(this.#held);
  }

  restore(held: ReadonlyMap<string, Held>): void {
    this.#held = new Map(held);
  }

  /** Adds what another way to this point knows and this one does not, and prefers known origins. */
  join(other: ReadonlyMap<string, Held>): void {
    for (const [name, held] of other) {
      const own = this.#held.get(name);
      if (own === undefined || (own.value.origin.root.kind === "none" && held.value.origin.root.kind !== "none")) this.#held.set(name, held);
    }
  }
}

/** A variable and what a pointer to it stores are one. */
function keyOf(name: string): string {
  return originKey({ ...noOrigin, root: { kind: "local", name } });
}

function isPrivate({ root }: NativeOrigin): boolean {
  return root.kind === "local" || root.kind === "fresh";
}
