// Which functions of the program a call runs. What enters: a path as written, or a receiver's type and a name. What leaves: ids.
// Misses: methods through `dyn Trait` and generic bounds.
import type { RustType } from "../../vocabulary/index.ts";
import type { RustBody } from "./body.ts";
import { methodOwner } from "./follow-methods.ts";

export function targetsOfPath({ tables, place }: RustBody, written: string): { readonly path: string; readonly targets: readonly number[] } {
  const segments = written.split("::");
  const name = segments.pop() as string;
  if (segments.length === 0) {
    const { path } = tables.types.named(name, place);
    return { path, targets: tables.functionsByPath.get(path) ?? [] };
  }
  const owner = tables.types.named(segments.join("::"), place);
  const path = `${owner.path}::${name}`;
  return { path, targets: tables.functionsByPath.get(path) ?? [] };
}

export function targetsOfMethod({ tables }: RustBody, receiver: RustType, name: string): readonly number[] {
  const owner = methodOwner(receiver);
  // Py, PyRef and Bound of one of the program's classes lead to its methods.
  const inside =
    owner.declaration === undefined && /^(?:PyRef|PyRefMut|Bound|Py|Ref|RefMut)$/.test(owner.name) ? methodOwner(owner.arguments[0] ?? owner) : owner;
  return inside.declaration === undefined ? [] : (tables.functionsByPath.get(`${inside.path}::${name}`) ?? []);
}
