// Which functions of the program a call runs. What enters: a path as written, or a receiver's type and a name. What leaves: ids.
// Misses: methods through `dyn Trait` and generic bounds.
import type { RustType } from "../../vocabulary/index.ts";
import type { RustBody } from "./body.ts";
import { methodOwner } from "./follow-methods.ts";

interface Target {
  readonly path: string;
  readonly targets: readonly number[];
}

export function targetsOfPath(body: RustBody, written: string): Target {
  const { tables, place } = body;
  const segments = written.split("::");
  const name = segments.pop() as string;
  if (segments.length === 0) {
    const { path } = tables.types.named(name, place);
    return { path, targets: functionsAt(body, path) };
  }
  const owner = tables.types.named(segments.join("::"), place);
  const path = `${owner.path}::${name}`;
  return { path, targets: functionsAt(body, path) };
}

/** PyO3 is known by tables, also where its own repository is the subject. */
function functionsAt({ tables, place }: RustBody, path: string): readonly number[] {
  return path.startsWith("pyo3::") && !place.module.path.startsWith("pyo3") ? [] : (tables.functionsByPath.get(path) ?? []);
}

export function targetsOfMethod(body: RustBody, receiver: RustType, name: string): readonly number[] {
  const owner = methodOwner(receiver);
  // Py, PyRef and Bound of one of the program's classes lead to its methods.
  const inside = /^(?:PyRef|PyRefMut|Bound|Py|Ref|RefMut)$/.test(owner.name) ? methodOwner(owner.arguments[0] ?? owner) : owner;
  return inside.declaration === undefined ? [] : functionsAt(body, `${inside.path}::${name}`);
}
