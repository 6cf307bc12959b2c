// Python expressions that make objects of a crate and call its functions, from the types it declares. Enters: the program. Leaves: texts.
// Names in them belong to the agent's extension probe: m the module, o an object the collector follows, f a callback, r a shared object.
// Misses: classes of submodules, methods that make instances, types of other crates.
import { withoutReferences } from "../../vocabulary/index.ts";
import type { RustAttribute, RustFunction, RustProgram, RustStruct, RustType } from "../../vocabulary/index.ts";

const deepest = 3;

/** Rust type -> a small value of the Python type it is made from. Source: PyO3 guide, "Mapping of Rust types to Python types". */
const values: ReadonlyMap<string, string> = new Map([
  ...["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "PyInt", "PyLong"].map((name) => [name, "1"] as const),
  ...["f32", "f64", "PyFloat"].map((name) => [name, "1.0"] as const),
  ...["String", "str", "Cow", "char", "PyString", "PyBackedStr", "PathBuf", "Path", "OsString"].map((name) => [name, "'a'"] as const),
  ...["PyBytes", "PyBackedBytes"].map((name) => [name, "b'a'"] as const),
  ["bool", "True"],
  ["PyBool", "True"],
  ["PyDict", "d"],
  ["PyMapping", "d"],
  ["PyList", "l"],
  ["PySequence", "l"],
  ["PyTuple", "()"],
  ["PySet", "set()"],
  ["PyByteArray", "bytearray(b'a')"],
  ["PyType", "object"],
  ["PyModule", "m"],
  ["PyIterator", "iter(l)"],
  ["PyFunction", "f"],
  ["PyCFunction", "f"],
]);

const handles = new Set(["Py", "Bound", "Borrowed", "PyRef", "PyRefMut", "PyCell", "Option", "Box", "Arc", "Rc"]);
const anyObject = new Set(["PyAny", "PyObject", "PyObjectRef"]);

/** "m.Node(o)"; undefined when the class cannot be made from Python, or nobody knows how. */
export function constructionOf(program: RustProgram, struct: RustStruct, depth: number = 0): string | undefined {
  if (struct.pyclass === undefined || depth > deepest) return undefined;
  const constructor = methodsOf(program, struct).find(({ attributes }) => attributes.some(({ name }) => name === "new"));
  const given = constructor && argumentsOf(program, constructor, { object: "o", depth });
  return given === undefined ? undefined : `m.${pythonName(struct.name, struct.pyclass)}(${given})`;
}

/** "m.run(f)", or "r.run(f)" for a method of a class that can be made; `make` is how r is. */
export function callOf(program: RustProgram, fn: RustFunction): { readonly call: string; readonly make: readonly string[] } | undefined {
  const given = argumentsOf(program, fn, { object: "f", depth: 0 });
  if (given === undefined) return undefined;
  if (fn.exposed === "function") return { call: `m.${pythonName(fn.name, attributeOf(fn, "pyfunction"), attributeOf(fn, "pyo3"))}(${given})`, make: [] };
  const struct = ownerOf(program, fn);
  const make = struct && constructionOf(program, struct);
  if (fn.exposed !== "method" || make === undefined || fn.attributes.some(({ name }) => notCalled.has(name))) return undefined;
  const isSlot = fn.name.startsWith("__");
  return isSlot ? undefined : { call: `r.${pythonName(fn.name, attributeOf(fn, "pyo3"))}(${given})`, make: [make] };
}

const notCalled = new Set(["new", "getter", "setter", "staticmethod", "classmethod", "classattr"]);

export function methodsOf({ functions }: RustProgram, struct: RustStruct): RustFunction[] {
  return functions.filter(({ context, owner }) => context === "pymethods" && owner?.declaration === struct.id);
}

export function ownerOf({ structs }: RustProgram, { owner }: RustFunction): RustStruct | undefined {
  return structs.find(({ id }) => id === owner?.declaration);
}

/** Attributes that Python may set and that hold an object. */
export function settableObjects({ fields }: RustStruct): string[] {
  return fields
    .filter(({ attributes, holdings }) => holdings.length > 0 && attributes.some((each) => each.name === "pyo3" && each.arguments.has("set")))
    .map(({ name }) => name);
}

interface Wanted {
  /** What stands for any object. */
  readonly object: string;
  readonly depth: number;
}

function argumentsOf(program: RustProgram, { parameters }: RustFunction, wanted: Wanted): string | undefined {
  const given = parameters
    .filter(({ name, type }) => name !== "self" && withoutReferences(type).name !== "Python")
    .filter(({ name, type }) => !isReceiver(name, type))
    .map(({ type }) => argumentFor(program, type, wanted));
  return given.every((text) => text !== undefined) ? given.join(", ") : undefined;
}

/** `slf: PyRef<Self>` and the like are receivers under another name. */
function isReceiver(name: string, type: RustType): boolean {
  return /^(?:mut )?(?:slf|self_|this)$/.test(name) && ["PyRef", "PyRefMut", "Bound", "Py", "PyCell"].includes(withoutReferences(type).name);
}

function argumentFor(program: RustProgram, given: RustType, wanted: Wanted): string | undefined {
  const type = withoutReferences(given);
  if (anyObject.has(type.name)) return wanted.object;
  const value = values.get(type.name);
  if (value !== undefined) return value;
  const struct = type.declaration === undefined ? undefined : program.structs[type.declaration];
  if (struct !== undefined) return constructionOf(program, struct, wanted.depth + 1);
  const [first] = type.arguments;
  if (first === undefined || wanted.depth > deepest) return undefined;
  if (handles.has(type.name)) {
    const text = argumentFor(program, first, wanted);
    // What may be left out, and is no object to hold or to call, is left out: a value may be refused.
    return type.name === "Option" && text !== wanted.object ? "None" : text;
  }
  const inside = argumentFor(program, first, { ...wanted, depth: wanted.depth + 1 });
  return ["Vec", "[]"].includes(type.name) && inside !== undefined ? `[${inside}]` : undefined;
}

function attributeOf({ attributes }: RustFunction, name: string): RustAttribute | undefined {
  return attributes.find((each) => each.name === name);
}

/** `name = "other"` gives it another name. */
function pythonName(name: string, ...attributes: readonly (RustAttribute | undefined)[]): string {
  const given = attributes.flatMap((attribute) => attribute?.arguments.get("name") ?? []);
  return given[0]?.replaceAll('"', "") ?? name;
}
