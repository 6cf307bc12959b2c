// Which functions of the program a call runs. What enters: a path as written, or a receiver's type and a name. What leaves: ids.
// Misses: methods that a type has from a trait's default body.
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
  // A module and a function may have the same name: as a whole the path tells which is meant.
  const whole = tables.types.named(written, place).path;
  const direct = functionsAt(body, whole);
  if (direct.length > 0) return { path: whole, targets: direct };
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
  if (inside.declaration !== undefined) return functionsAt(body, `${inside.path}::${name}`);
  return traitsOf(body, inside).flatMap(({ path }) => (path.startsWith("pyo3::") ? [] : (body.tables.methodsOfTraits.get(`${path}::${name}`) ?? [])));
}

/** Of `dyn Trait`, `impl Trait`, a type parameter, and `self` in a trait. */
function traitsOf({ bounds }: RustBody, type: RustType): readonly RustType[] {
  if (type.name === "dyn" || type.name === "impl") return type.arguments;
  return bounds.get(type.name) ?? (type.name === "" ? [] : [type]);
}
