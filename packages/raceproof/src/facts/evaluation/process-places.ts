// Names outside the program in, the process-wide locations behind them out: sys.modules, os.environ, attributes that the program
// replaces in modules and classes it did not write or in objects that a class keeps, defaults and code of functions it was handed.
// Misses: setattr, and reads of foreign attributes. It tells stores apart by their text, not by what is stored.
import { childWithRole, ExpressionContext, nameOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import { functionInternals, processContainers } from "../../models/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import { bindingsIn } from "./bindings-in.ts";
import type { Evaluator } from "./evaluator.ts";
import { containerShape } from "./static-value.ts";
import type { Place, StaticValue } from "./static-value.ts";

const known = new Map<string, StaticValue>();

/** A name outside the program; containers of the interpreter have a place, as every thread shares them. */
export function valueOfExternal(name: string): StaticValue {
  const row = processContainers.get(name);
  if (!row) return { shape: { kind: "external", name } };
  let value = known.get(name);
  if (!value) known.set(name, (value = { shape: containerShape(row.kind), place: processPlace(name) }));
  return value;
}

function processPlace(name: string): Place {
  const dot = name.lastIndexOf(".");
  return { ownerKind: "process", owner: name.slice(0, dot), path: name.slice(dot + 1), ownerName: name.slice(0, dot), guessed: false };
}

/** The location that `x.name = ...` or `del x.name` changes when `x` belongs to somebody else; undefined for all other nodes. */
export function foreignPlaceOf(evaluator: Evaluator, module: ModuleDeclaration, node: number): Place | undefined {
  const { tree } = module;
  if (tree.kind[node] !== K.Attribute || tree.detail[node] === ExpressionContext.Load) return undefined;
  const name = nameOf(tree, node);
  const owner = evaluator.valueOf(module, childWithRole(tree, node, R.value));
  if (owner.shape.kind === "external") return isForeign(owner.shape.name) ? processPlace(`${owner.shape.name}.${name}`) : undefined;
  if (owner.shape.kind !== "unknown" || owner.fresh === true) return undefined;
  if (functionInternals.has(name)) return isHandedIn(evaluator, module, node) ? processPlace(`function.${name}`) : undefined;
  const shared = owner.place && sharedObjectBehind(evaluator, owner.place);
  return shared && { ...shared, path: `${shared.path}.${name}` };
}

/** Names that no scope binds are taken for built-in ones; attributes of those cannot be set. */
function isForeign(owner: string): boolean {
  return !owner.startsWith("super.") && !owner.startsWith("builtins.");
}

/** `x.__defaults__ = ...` with an `x` that comes from a parameter, a loop or an attribute, not from a call in this function. */
function isHandedIn(evaluator: Evaluator, module: ModuleDeclaration, store: number): boolean {
  const { tree } = module;
  const base = childWithRole(tree, store, R.value);
  if (tree.kind[base] !== K.Name) return true;
  const bindings = bindingsIn(evaluator, evaluator.declarations.scopes.functionAround(module, store), nameOf(tree, base)) ?? [];
  return bindings.every(({ kind }) => kind === "parameter" || kind === "iteration");
}

/** `self.part = Class.PART` everywhere: what is stored through `self.part` lands in the object that the class or module keeps. */
function sharedObjectBehind(evaluator: Evaluator, place: Place): Place | undefined {
  if (place.ownerKind !== "instance") return undefined;
  const assignments = evaluator.classWithKey(place.owner)?.attributes.get(place.path) ?? [];
  const sources = assignments.map(({ method, value }) => (value < 0 ? undefined : evaluator.valueOf(method.module, value).place));
  const [first] = sources;
  return first && first.ownerKind !== "instance" && sources.every((each) => each?.path === first.path) ? first : undefined;
}
