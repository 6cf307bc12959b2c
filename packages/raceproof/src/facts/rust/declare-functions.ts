// Functions, impl blocks and Python modules of the program, not yet walked. What enters: items. What leaves: declarations by id.
import { RustFlag } from "../../sources/index.ts";
import { unknownRustType } from "../../vocabulary/index.ts";
import type { RustContext, RustFunction, RustImplementation, RustParameter, RustPythonModule, RustType } from "../../vocabulary/index.ts";
import type { RustItem, RustItems } from "./collect-items.ts";
import { hasAttribute } from "./read-attributes.ts";
import { boundsOf, methodsOfTraits } from "./trait-methods.ts";
import type { TypeBounds } from "./trait-methods.ts";
import { built } from "./type-reader.ts";
import type { RustTypeReader, TypePlace } from "./type-reader.ts";

export interface DeclaredFunction extends Omit<RustFunction, "scopes" | "events" | "guards" | "effects"> {
  readonly item: RustItem;
  readonly place: TypePlace;
  /** Nodes of the parameters' patterns; -1 for self. */
  readonly patterns: readonly number[];
  /** "demo::Node::new". */
  readonly path: string;
  /** Of its type parameters and those of the block around it. */
  readonly bounds: TypeBounds;
}

export interface DeclaredFunctions {
  readonly functions: readonly DeclaredFunction[];
  readonly implementations: readonly RustImplementation[];
  readonly pythonModules: readonly RustPythonModule[];
  readonly byPath: ReadonlyMap<string, readonly number[]>;
  /** By whole path of a trait's method: what runs where only the trait is known. */
  readonly ofTraits: ReadonlyMap<string, readonly number[]>;
}

export function declareFunctions({ items }: RustItems, types: RustTypeReader): DeclaredFunctions {
  const initializers = initializersInSlots(items);
  const containers = new Map(items.filter(isContainer).map((item) => [item, readContainer(item, types)]));
  const functions = items.filter(({ reader, node }) => reader.is(node, "Function")).map((item, id) => declare(item, id, types, { containers, initializers }));
  const byPath = new Map<string, number[]>();
  for (const { path, id } of functions) {
    const same = byPath.get(path);
    if (same === undefined) byPath.set(path, [id]);
    else same.push(id);
  }
  const members = new Map<RustItem | undefined, number[]>([...containers.keys()].map((item) => [item, []]));
  for (const { id, item } of functions) members.get(item.container)?.push(id);
  const implementations = [...containers].flatMap(([item, { implementation }]) => implementation?.(members.get(item) ?? []) ?? []);
  return { functions, implementations, pythonModules: items.flatMap(pythonModuleOf), byPath, ofTraits: methodsOfTraits(functions) };
}

function isContainer({ reader, node }: RustItem): boolean {
  return reader.is(node, "Implementation", "Trait");
}

interface Container {
  readonly context: RustContext;
  readonly owner: RustType;
  readonly trait: RustType | undefined;
  readonly implementation: ((functions: readonly number[]) => RustImplementation) | undefined;
}

function readContainer(item: RustItem, types: RustTypeReader): Container {
  const { node, reader, module, attributes } = item;
  const place = { reader, module, self: undefined };
  if (reader.is(node, "Trait")) return { context: "trait", owner: types.named(reader.name(node), place), trait: undefined, implementation: undefined };
  const owner = types.read(reader.child(node, "type"), place);
  const traitNode = reader.child(node, "trait");
  const trait = traitNode < 0 ? undefined : types.read(traitNode, { ...place, self: owner });
  const isPython = hasAttribute(attributes, "pymethods", "pyproto");
  return {
    context: isPython ? "pymethods" : trait === undefined ? "inherent" : "trait-impl",
    owner,
    trait,
    implementation: (functions) => ({
      crate: module.crate,
      trait,
      type: owner,
      unsafe: (reader.detail(node) & RustFlag.Unsafe) !== 0,
      attributes,
      functions,
      span: reader.span(node),
    }),
  };
}

interface Surroundings {
  readonly containers: ReadonlyMap<RustItem, Container>;
  readonly initializers: ReadonlySet<string>;
}

function declare(item: RustItem, id: number, types: RustTypeReader, { containers, initializers }: Surroundings): DeclaredFunction {
  const { node, reader, module, attributes, testOnly } = item;
  const container = item.container && containers.get(item.container);
  const place = { reader, module, self: container?.owner };
  const name = reader.name(node);
  const list = reader.children(reader.child(node, "parameters")).filter((child) => reader.is(child, "Parameter", "SelfParameter"));
  const returned = reader.child(node, "return_type");
  return {
    id,
    crate: module.crate,
    name,
    ...belonging(container, name, module.path),
    span: reader.span(node),
    attributes,
    parameters: list.map((child) => parameterOf(child, place, types)),
    patterns: list.map((child) => (reader.is(child, "SelfParameter") ? -1 : reader.child(child, "pattern"))),
    returns: returned < 0 ? undefined : types.read(returned, place),
    unsafe: (reader.detail(node) & RustFlag.Unsafe) !== 0,
    testOnly,
    exposed: exposureOf(item, container?.context, initializers),
    bounds: boundsOf(item, types, place),
    item,
    place,
  };
}

function belonging(
  container: Container | undefined,
  name: string,
  modulePath: string,
): Pick<DeclaredFunction, "qualifiedName" | "path" | "context" | "owner" | "trait"> {
  if (container === undefined) return { qualifiedName: name, path: `${modulePath}::${name}`, context: "free", owner: undefined, trait: undefined };
  const { context, owner, trait } = container;
  return { qualifiedName: `${owner.name}::${name}`, path: `${owner.path}::${name}`, context, owner, trait };
}

function parameterOf(node: number, place: TypePlace, types: RustTypeReader): RustParameter {
  const { reader } = place;
  if (!reader.is(node, "SelfParameter")) return { name: reader.shortText(reader.child(node, "pattern")), type: types.read(reader.child(node, "type"), place) };
  const self = place.self ?? unknownRustType;
  // "&self" and "&'a mut self".
  const isReference = reader.text(node).startsWith("&");
  return { name: "self", type: isReference ? { ...built("&", [self]), mutable: (reader.detail(node) & RustFlag.Mutable) !== 0 } : self };
}

function exposureOf({ attributes, node, reader }: RustItem, context: RustContext | undefined, initializers: ReadonlySet<string>): RustFunction["exposed"] {
  if (context === "pymethods") return "method";
  if (hasAttribute(attributes, "pyfunction")) return "function";
  return hasAttribute(attributes, "pymodule", "pymodule_init") || initializers.has(reader.name(node)) ? "module" : undefined;
}

/** `PyModuleDef_Slot { slot: Py_mod_exec, value: exec_module as *mut c_void }`: what only a table of slots names. */
function initializersInSlots(items: readonly RustItem[]): ReadonlySet<string> {
  const readers = [...new Set(items.map(({ reader }) => reader))].filter(({ tree }) => Buffer.from(tree.source).includes("Py_mod_exec"));
  const slots = readers.flatMap((reader) => [...reader.text(reader.root).matchAll(/\bPy_mod_exec\s*,\s*(?:\w+\s*:\s*)?(?:[\w:]*::)?(\w+)\s+as\b/g)]);
  return new Set(slots.map(([, name = ""]) => name));
}

function pythonModuleOf({ node, reader, module, attributes }: RustItem): RustPythonModule[] {
  const attribute = attributes.find(({ name }) => name === "pymodule");
  return attribute === undefined ? [] : [{ crate: module.crate, name: reader.name(node), attribute, span: reader.span(node) }];
}
