// What a method call returns, following the receiver: the same memory, an element of it, the inside of a lock. What enters: the receiver and the name.
import { dereferenced, guardMethods, methodResults } from "../../models/index.ts";
import type { GuardMethod, MethodResult } from "../../models/index.ts";
import { unknownRustType, withoutReferences } from "../../vocabulary/index.ts";
import type { RustType, RustValue } from "../../vocabulary/index.ts";
import { noValue } from "./body.ts";
import { built } from "./type-reader.ts";

const maps: ReadonlySet<string> = new Set(["HashMap", "BTreeMap", "IndexMap", "DashMap", "FxHashMap", "AHashMap"]);

/** Results that are still the whole receiver; others are a part of it. */
const staying: ReadonlySet<MethodResult> = new Set<MethodResult>(["same", "fallible-inside", "adapted", "flattened", "iterator", "values", "keys", "counted"]);

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
  // An adapter that is not known still gives what comes from the elements.
  if (result === undefined) return owner.name === "Iterator" ? through(receiver, name, unknownRustType, false) : undefined;
  const leadsInside = result === "inside" ? isOptional(owner) : !staying.has(result);
  return through(receiver, name, resultTypes[result]({ owner, whole: receiver.type }), leadsInside);
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

interface Receiver {
  readonly owner: RustType;
  readonly whole: RustType;
}

const firstOf = ({ owner }: Receiver): RustType => owner.arguments[0] ?? unknownRustType;
const secondOf = ({ owner }: Receiver): RustType => owner.arguments[1] ?? unknownRustType;

const resultTypes: { readonly [K in MethodResult]: (receiver: Receiver) => RustType } = {
  same: ({ whole }) => withoutReferences(whole),
  inside: firstOf,
  "fallible-inside": (receiver) => built("Result", [reference(firstOf(receiver), false)]),
  element: (receiver) => built("Option", [maps.has(receiver.owner.name) ? secondOf(receiver) : firstOf(receiver)]),
  iterator: ({ owner }) => built("Iterator", [reference(itemOf(owner), false)]),
  values: (receiver) => built("Iterator", [reference(secondOf(receiver), false)]),
  keys: (receiver) => built("Iterator", [reference(firstOf(receiver), false)]),
  next: (receiver) => built("Option", [firstOf(receiver)]),
  adapted: ({ whole }) => whole,
  flattened: (receiver) => built("Iterator", [itemOf(firstOf(receiver))]),
  counted: (receiver) => built("Iterator", [built("()", [built("usize", []), firstOf(receiver)], "counted")]),
};

/** What a loop over it gives. */
export function itemOf(type: RustType): RustType {
  const owner = methodOwner(type);
  if (maps.has(owner.name)) return built("()", [owner.arguments[0] ?? unknownRustType, owner.arguments[1] ?? unknownRustType], "entry");
  return owner.arguments[0] ?? unknownRustType;
}

function through(receiver: RustValue, name: string, type: RustType, element: boolean): RustValue {
  const { origin } = receiver;
  if (origin.root.kind === "none") return { ...noValue, type };
  return { ...noValue, origin: { root: origin.root, path: element ? [...origin.path, "[]"] : origin.path, through: [...origin.through, name] }, type };
}
