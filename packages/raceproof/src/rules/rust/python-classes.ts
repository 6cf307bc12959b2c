// Classes that Rust offers to Python, as the collector meets them: what they own, how they show it, how they let go of it.
// Misses: fields behind `dyn Trait`; classes that a macro of the crate writes.
import type { RustAttribute, RustField, RustFunction, RustHolding, RustProgram, RustStruct, RustType } from "../../vocabulary/index.ts";

/** A way from a field to a Python object that can lead back to the instance. */
export interface OwnedReference {
  readonly field: RustField;
  readonly holding: RustHolding;
}

export interface PythonClass {
  readonly struct: RustStruct;
  readonly attribute: RustAttribute;
  /** Of all its impl blocks. */
  readonly functions: readonly RustFunction[];
  readonly traverse: RustFunction | undefined;
  readonly clear: RustFunction | undefined;
  /** References that a cycle can go through; those that other owners share (Arc, Rc) are among them. */
  readonly references: readonly OwnedReference[];
}

const known = new WeakMap<RustProgram, readonly PythonClass[]>();

/** `#[pyclass]` types that are not for tests alone. Many rules ask: they are collected once. */
export function pythonClassesOf(program: RustProgram): readonly PythonClass[] {
  const found = known.get(program) ?? collectClasses(program);
  known.set(program, found);
  return found;
}

function collectClasses(program: RustProgram): PythonClass[] {
  const functions = new Map<number, RustFunction[]>();
  for (const fn of program.functions) {
    const declaration = fn.owner?.declaration;
    if (declaration !== undefined) functions.set(declaration, [...(functions.get(declaration) ?? []), fn]);
  }
  return program.structs.flatMap((struct) => {
    const { pyclass, testOnly } = struct;
    if (pyclass === undefined || testOnly) return [];
    const own = functions.get(struct.id) ?? [];
    const references = struct.fields.flatMap((field) =>
      field.holdings.filter(({ type }) => canMakeCycle(program, type)).map((holding) => ({ field, holding })),
    );
    return [{ struct, attribute: pyclass, functions: own, traverse: slot(own, "__traverse__"), clear: slot(own, "__clear__"), references }];
  });
}

function slot(functions: readonly RustFunction[], name: string): RustFunction | undefined {
  return functions.find((fn) => fn.name === name && (fn.context === "pymethods" || fn.trait?.name === "PyGCProtocol"));
}

/** Objects of these types refer to nothing that could refer back, or live as long as the process. */
const leaves: ReadonlySet<string> = new Set(
  (
    "PyString PyBytes PyByteArray PyInt PyLong PyFloat PyBool PyComplex PyDate PyDateTime PyTime PyDelta PyTzInfo PyRange PySlice PyType PyModule PyCode PyNone " +
    "PyEllipsis PyNotImplemented PyMemoryView PyUntypedArray PyArray PyArray0 PyArray1 PyArray2 PyArray3 PyArrayDyn PyArrayDescr"
  ).split(" "),
);
const leafOwners: ReadonlySet<string> = new Set(["PyBackedStr", "PyBackedBytes", "PyBuffer"]);

/** Whether an object of this type can lead back to whoever owns it: an instance of a class of the program only when that class owns something or takes attributes. */
export function canMakeCycle(program: Pick<RustProgram, "structs">, owner: RustType, open: ReadonlySet<number> = new Set()): boolean {
  if (leafOwners.has(owner.name)) return false;
  const [object] = owner.arguments;
  if (object === undefined) return true;
  if (object.declaration === undefined) return !leaves.has(object.name);
  const struct = program.structs[object.declaration];
  if (struct?.pyclass === undefined || open.has(struct.id)) return true;
  if (["dict", "subclass", "extends"].some((argument) => struct.pyclass?.arguments.has(argument))) return true;
  return struct.fields.some(({ holdings }) => holdings.some(({ type }) => canMakeCycle(program, type, new Set([...open, struct.id]))));
}

const changeable: ReadonlySet<string> = new Set(
  "Option Vec VecDeque HashMap BTreeMap HashSet BTreeSet IndexMap DashMap Mutex RwLock RefCell Cell ReentrantMutex OnceCell OnceLock GILOnceCell PyOnceLock ArcSwap SmallVec".split(
    " ",
  ),
);

/** It can be made empty: there is a value of it that owns nothing. */
export function canBeEmptied({ wrappers }: RustHolding): boolean {
  return wrappers.some((wrapper) => changeable.has(wrapper));
}

const interiorMutable: ReadonlySet<string> = new Set("Mutex RwLock RefCell Cell ReentrantMutex ArcSwap DashMap".split(" "));

/** It can be another object than the one it was made with, so that a cycle can be closed by it and cut at it. */
export function changesLater({ functions }: PythonClass, { field, holding }: OwnedReference): boolean {
  if (holding.wrappers.some((wrapper) => interiorMutable.has(wrapper))) return true;
  if (isSettable(field)) return true;
  return functions.some((fn) => fn.name !== "__clear__" && fn.name !== "drop" && fieldsChangedBy(fn).has(field.name));
}

function isSettable({ attributes }: RustField): boolean {
  return attributes.some(({ name, arguments: given }) => name === "pyo3" && given.has("set"));
}

const once: ReadonlySet<string> = new Set(["OnceCell", "OnceLock", "GILOnceCell", "PyOnceLock"]);

/** Filled by the crate itself, once. */
export function isFilledOnce({ holding }: OwnedReference): boolean {
  return holding.wrappers.some((wrapper) => once.has(wrapper));
}

/** Python code can hand an object to it: a parameter of a method, or a field, admits one. Nothing is known of a class without methods. */
export function takesObjects(program: RustProgram, { functions, struct }: PythonClass): boolean {
  const exposed = functions.filter((fn) => fn.exposed !== undefined);
  if (exposed.length === 0 || struct.fields.some(isSettable)) return true;
  return exposed.some(({ parameters }) => parameters.some(({ name, type }) => name !== "self" && admitsObject(program, type)));
}

/** Some object that is more than a leaf is in it; a generic parameter may stand for anything. */
function admitsObject(program: RustProgram, type: RustType): boolean {
  if (type.declaration !== undefined) {
    const struct = program.structs[type.declaration];
    return struct?.pyclass === undefined && (struct?.fields.some(({ holdings }) => holdings.length > 0) ?? false);
  }
  if (/^Py(?:Any|Object|List|Dict|Tuple|Set|FrozenSet|Iterator|Function|CFunction|Mapping|Sequence|Weakref\w*)$/.test(type.name)) return true;
  if (/^(?:Py|Bound|Borrowed|PyRef|PyRefMut)$/.test(type.name)) return canMakeCycle(program, type) && type.arguments[0]?.name !== "PyType";
  return type.arguments.some((argument) => admitsObject(program, argument));
}

/** Fields of self that the function stores to, changes or empties, itself or through what it calls; "" for all of self. */
export function fieldsChangedBy(fn: RustFunction): ReadonlySet<string> {
  const stored = fn.events.flatMap((event) => (event.kind === "access" && event.mode !== "read" ? [event.place] : []));
  const places = [...stored, ...fn.effects.filter(({ kind }) => kind === "mutates" || kind === "drops-python").map(({ place }) => place)];
  return new Set(places.filter(({ root }) => root.kind === "self").map(({ path }) => path[0] ?? ""));
}

/** "callback" or "inner.callback", as the source would write it. */
export function referenceName({ field, holding }: OwnedReference): string {
  return [field.name, ...holding.path].join(".");
}
