// What the local variables of a C function hold at a point of its body.
// What enters: assignments in order. What leaves: values. Branches are walked one after the other and joined: a variable keeps what the branch that
// goes on gave it. Loops are walked once. Misses: values that only a second round of a loop brings; variables of the same name in nested blocks.
import { isKnownOrigin, longestPath, noOrigin, originKey } from "../../vocabulary/index.ts";
import type { NativeOrigin } from "../../vocabulary/index.ts";
import { isVisible } from "./summaries.ts";
import { noValue } from "./values.ts";
import type { NativeValue } from "./values.ts";
import type { NativeType } from "./type-table.ts";

/** Fields that hold fields that hold fields. */
const deepestChain = 6;

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

  /** Remembers what a field holds. What is fresh loses its name when others get to see it: from then on it is what the field holds. */
  store(target: NativeOrigin, value: NativeValue, order: number): void {
    const key = isVariable(target) ? originKey({ ...target, path: [] }) : originKey({ ...target, interior: false });
    if (isPrivate(target) || isVisible(value.origin)) this.#held.set(key, { value, assigned: order });
    else this.#held.delete(key);
  }

  read(name: string): NativeValue {
    const held = this.#held.get(keyOf(name));
    const type = this.#types.get(name);
    if (type === undefined) return noValue;
    if (held === undefined) return { ...noValue, type };
    if (type.name === "auto" && held.value.type.name !== "") return { ...held.value, constant: undefined, through: { local: name, assigned: held.assigned } };
    const pointer = held.value.type.struct !== undefined && type.struct === undefined ? held.value.type : type;
    return { ...held.value, type: pointer.pointers > 0 ? pointer : type, constant: undefined, through: { local: name, assigned: held.assigned } };
  }

  /** The same memory named from where it is stored: fields of local and fresh structs are replaced by what was stored there. */
  resolve(origin: NativeOrigin, depth = 0): NativeOrigin {
    if (!isKnownOrigin(origin) || depth > deepestChain) return origin;
    for (let length = origin.path.length; length > 0; length--) {
      const prefix = { ...origin, path: origin.path.slice(0, length), interior: false };
      const held = this.#held.get(isVariable(prefix) ? originKey({ ...prefix, path: [] }) : originKey(prefix));
      if (held === undefined) continue;
      const rest = origin.path.slice(length);
      const { origin: known } = held.value;
      const moved: NativeOrigin = {
        root: known.root,
        path: [...known.path, ...rest],
        interior: origin.interior || (rest.length === 0 && known.interior),
        ownerDepth: origin.ownerDepth > length ? known.path.length + origin.ownerDepth - length : known.ownerDepth,
      };
      // Lists that are linked to themselves have a longer name each time.
      if (moved.path.length > longestPath) return origin;
      return originKey(moved) === originKey(origin) ? moved : this.resolve(moved, depth + 1);
    }
    return origin;
  }

  /** Where a store through this address goes: all but the last step is looked up, for the last is what changes. */
  resolveTarget(target: NativeOrigin): NativeOrigin {
    const last = target.path.at(-1);
    if (last === undefined) return target;
    const base = this.resolve({ ...target, path: target.path.slice(0, -1), ownerDepth: Math.min(target.ownerDepth, target.path.length - 1) });
    return { ...base, path: [...base.path, last], interior: target.interior };
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

/** What a pointer to a local variable points at: the variable. */
function isVariable({ root, path }: NativeOrigin): boolean {
  return root.kind === "local" && path.length === 1 && path[0] === "[]";
}

function isPrivate({ root }: NativeOrigin): boolean {
  return root.kind === "local" || root.kind === "fresh";
}
