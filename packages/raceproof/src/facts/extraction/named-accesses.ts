// An attribute that the code names with a string in, the access it stands for out: setattr(x, "n", v), hasattr(x, "n"), x.__dict__["n"], vars(x)["n"].
// Misses: names that are computed, but for read-modify-writes, which are told of the whole `__dict__`.
import { childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R, stringValueOf } from "../../sources/index.ts";
import type { StoredValue } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import { receiverNameOf } from "../declarations/declarations.ts";
import { shortTextOf } from "../declarations/source-text.ts";
import { attributeOf } from "../evaluation/attribute-lookup.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { namedAttributeOf } from "../evaluation/named-attributes.ts";
import type { NamedAttribute } from "../evaluation/named-attributes.ts";
import type { Place, StaticValue } from "../evaluation/static-value.ts";
import { classifyStored, storedValueIn } from "./stored-values.ts";
import type { RawAccess } from "./raw-facts.ts";
import type { Usage } from "./usage.ts";

export interface NamedAccess extends Pick<RawAccess, "usage" | "place" | "value"> {
  /** Name that the access starts from; undefined when it starts from an expression. */
  readonly root: number | undefined;
  /** As with a dot. */
  readonly text: string;
  /** What is stored, or -1. */
  readonly source: number;
}

/** What a call of setattr, delattr or hasattr does; what getattr gives is a value like any other. */
export function accessByName(evaluator: Evaluator, fn: FunctionDeclaration, call: number): NamedAccess | undefined {
  const named = namedAttributeOf(fn.module.tree, call);
  if (!named || named.kind === "read") return undefined;
  const { kind, object, operation, text, value: source } = named;
  if (named.name === undefined && !changesOldValue(classifyStored(evaluator, fn, source, text))) return undefined;
  const value = storedTo(evaluator, fn, named);
  const place = kind === "check" ? value.place : value.place && placeOfStore(evaluator, fn, named, value.place);
  return place && { usage: { kind, operation, key: -1, node: call, onContainer: false }, place, value, text, source, root: rootOf(fn, object) };
}

function objectOf(evaluator: Evaluator, fn: FunctionDeclaration, object: number): StaticValue {
  if (object >= 0) return evaluator.valueOf(fn.module, object);
  const receiver = receiverNameOf(fn);
  return receiver === undefined ? { shape: { kind: "unknown" } } : evaluator.valueOfName(fn, receiver);
}

function storedTo(evaluator: Evaluator, fn: FunctionDeclaration, { object, name }: NamedAttribute): StaticValue {
  const holder = objectOf(evaluator, fn, object);
  if (name !== undefined) return attributeOf(evaluator, holder, name);
  const { place } = holder.shape.kind === "instance" ? attributeOf(evaluator, holder, "__dict__") : { place: undefined };
  return { shape: { kind: "unknown" }, place: place && { ...place, path: `${place.path}[]` } };
}

/** As for a store with a dot: what is set on an instance hides what its class has. */
function placeOfStore(evaluator: Evaluator, fn: FunctionDeclaration, { object, name }: NamedAttribute, place: Place): Place | undefined {
  // What a property reads from elsewhere is not what a store to the property changes.
  if (name !== undefined && place.path.split(".").at(-1) !== name) return undefined;
  return place.ownerKind === "class" && objectOf(evaluator, fn, object).shape.kind !== "class" ? { ...place, ownerKind: "instance" } : place;
}

function changesOldValue(stored: StoredValue): boolean {
  return stored === "counter" || stored === "masked" || stored === "derived";
}

function rootOf({ module: { tree } }: FunctionDeclaration, object: number): number | undefined {
  return object >= 0 && tree.kind[object] === K.Name ? object : undefined;
}

export interface FoundEntry {
  readonly usage: Usage;
  readonly value: StaticValue;
  readonly statement: number;
}

/** What happens to `x.__dict__["n"]` happens to `x.n`. */
export function entryByName(evaluator: Evaluator, fn: FunctionDeclaration, node: number, found: FoundEntry): NamedAccess | undefined {
  const { usage, value: dictionary, statement } = found;
  const { tree } = fn.module;
  const operation = entryOperations.get(usage.operation);
  const name = dictionary.place?.path === "__dict__" ? nameOfEntry(fn, usage) : undefined;
  if (operation === undefined || name === undefined) return undefined;
  const owner = evaluator.classWithKey((dictionary.place as Place).owner);
  if (!owner) return undefined;
  const value = attributeOf(evaluator, { shape: { kind: "instance", of: owner } }, name);
  if (value.place?.path !== name) return undefined;
  const object = holderOf(fn, node);
  return {
    usage: { ...usage, operation, key: -1, onContainer: false },
    place: { ...value.place, ownerKind: "instance" },
    value,
    text: `${shortTextOf(tree, object)}.${name}`,
    source: usage.kind === "write" ? storedValueIn(tree, statement) : -1,
    root: rootOf(fn, object),
  };
}

function nameOfEntry({ module: { tree } }: FunctionDeclaration, { onContainer, key }: Usage): string | undefined {
  return onContainer && key >= 0 && tree.kind[key] === K.Constant ? stringValueOf(tree, key) : undefined;
}

const entryOperations: ReadonlyMap<string, string> = new Map([
  ["[]", "read"],
  ["[]=", "="],
  ["del[]", "del"],
  ["+=", "+="],
  ["|=", "|="],
  ["in", "present"],
]);

/** `x` of `x.__dict__` and of `vars(x)`, also through a local name. */
function holderOf(fn: FunctionDeclaration, dictionary: number): number {
  const { tree } = fn.module;
  const [bound] = tree.kind[dictionary] === K.Name ? (fn.bindings.get(nameOf(tree, dictionary)) ?? []) : [];
  const source = bound?.kind === "assign" ? bound.value : dictionary;
  if (tree.kind[source] === K.Attribute) return childWithRole(tree, source, R.value);
  return tree.kind[source] === K.Call ? (childrenWithRole(tree, source, R.args)[0] ?? dictionary) : dictionary;
}
