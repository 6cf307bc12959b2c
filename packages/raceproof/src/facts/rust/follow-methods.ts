// What a method call returns, following the receiver: the same memory, an element of it, the inside of a lock. What enters: the receiver and the name.
import { dereferenced, guardMethods, methodResults } from "../../models/index.ts";
import type { GuardMethod, MethodResult } from "../../models/index.ts";
import { unknownRustType, withoutReferences } from "../../vocabulary/index.ts";
import type { RustType, RustValue } from "../../vocabulary/index.ts";
import { noValue } from "./body.ts";
import { built } from "./read-types.ts";

const maps: ReadonlySet<string> = new Set(["HashMap", "BTreeMap", "IndexMap", "DashMap", "FxHashMap", "AHashMap"]);

/** Through references and smart pointers, to the type that has the methods. */
export function methodOwner(type: RustType): RustType {
  let current = withoutReferences(type);
  while (dereferenced.has(current.name)) current = withoutReferences(current.arguments.at(-1) ?? unknownRustType);
  return current;
}

export function guardMethodOf(type: RustType, name: string): GuardMethod | undefined {
  for (let current = withoutReferences(type); ; current = withoutReferences(current.arguments.at(-1) ?? unknownRustType)) {
    const found = guardMethods[current.name]?.[name];
    if (found !== undefined || !dereferenced.has(current.name)) return found;
  }
}

/** The value a method of the standard library or PyO3 gives, or undefined when it is none that is known. */
export function followMethod(receiver: RustValue, name: string, argumentCount: number): RustValue | undefined {
  const owner = methodOwner(receiver.type);
  const guard = guardMethodOf(receiver.type, name);
  if (guard !== undefined) return through(receiver, name, guardedType(owner, guard, name), false);
  if (name === "get" || name === "get_mut") return followGet(receiver, owner, name, argumentCount);
  const result = methodResults.get(name);
  if (result === undefined) return undefined;
  const elements = result !== "same" && result !== "inside" && result !== "fallible-inside" && result !== "adapted";
  return through(receiver, name, resultType(result, owner, receiver.type), result === "inside" ? isOptional(owner) : elements && result !== "iterator");
}

/** std's locks return a Result for poisoning, others the guard itself; what may fail returns an Option or Result. */
function guardedType(owner: RustType, { fails }: GuardMethod, name: string): RustType {
  const inside = reference(owner.arguments[0] ?? unknownRustType, /mut|lock|write/.test(name));
  const poisons = /^std::sync::|^(?:Mutex|RwLock)$/.test(owner.path);
  return fails === true || poisons ? built("Result", [inside]) : inside;
}

/** Of a cell: its value, of a container: an element. */
function followGet(receiver: RustValue, owner: RustType, name: string, argumentCount: number): RustValue {
  const item = maps.has(owner.name) ? owner.arguments[1] : owner.arguments[0];
  if (argumentCount === 0 && owner.name === "Cell") return through(receiver, name, item ?? unknownRustType, false);
  if (argumentCount === 0 && owner.name === "Py") return through(receiver, name, reference(item ?? unknownRustType, false), false);
  return through(receiver, name, built("Option", [reference(item ?? unknownRustType, name === "get_mut")]), true);
}

function isOptional({ name }: RustType): boolean {
  return name === "Option" || name === "Result";
}

function reference(type: RustType, mutable: boolean): RustType {
  return { ...built("&", [type]), mutable };
}

function resultType(result: MethodResult, owner: RustType, whole: RustType): RustType {
  const item = itemOf(owner);
  const first = owner.arguments[0] ?? unknownRustType;
  switch (result) {
    case "same":
      return withoutReferences(whole);
    case "inside":
      return first;
    case "fallible-inside":
      return built("Result", [reference(first, false)]);
    case "element":
      return built("Option", [maps.has(owner.name) ? (owner.arguments[1] ?? unknownRustType) : first]);
    case "iterator":
      return built("Iterator", [reference(item, false)]);
    case "values":
      return built("Iterator", [reference(owner.arguments[1] ?? unknownRustType, false)]);
    case "keys":
      return built("Iterator", [reference(first, false)]);
    case "next":
      return built("Option", [first]);
    case "adapted":
      return whole;
    case "counted":
      return built("Iterator", [built("()", [built("usize", []), first])]);
  }
}

/** What a loop over it gives. */
export function itemOf(type: RustType): RustType {
  const owner = methodOwner(type);
  if (maps.has(owner.name)) return built("()", [owner.arguments[0] ?? unknownRustType, owner.arguments[1] ?? unknownRustType]);
  return owner.arguments[0] ?? unknownRustType;
}

function through(receiver: RustValue, name: string, type: RustType, element: boolean): RustValue {
  const { origin } = receiver;
  if (origin.root.kind === "none") return { ...noValue, type };
  return { ...noValue, origin: { root: origin.root, path: element ? [...origin.path, "[]"] : origin.path, through: [...origin.through, name] }, type };
}
