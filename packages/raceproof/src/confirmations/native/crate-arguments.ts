// Python texts of arguments for a function of a crate, from the types and the signature it declares. Enters: a function. Leaves: argument lists, likeliest first.
// Names in them belong to the agent's scope of an extension: o an object the collector follows, f a callback, b many bytes; `$7$` an instance of the class with id 7.
// Misses: how types of other crates are made of Python objects; for those a fixed list is tried.
import { withoutReferences } from "../../vocabulary/index.ts";
import type { RustFunction, RustProgram, RustType } from "../../vocabulary/index.ts";

const deepest = 4;
const mostLists = 20;
const mostAlternatives = 9;

/** Rust type -> small values of the Python type it is made from. Source: PyO3 guide, "Mapping of Rust types to Python types". */
const values: ReadonlyMap<string, readonly string[]> = new Map(
  (
    [
      ["u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize NonZeroUsize PyInt PyLong", ["1", "0"]],
      ["f32 f64 PyFloat", ["1.0"]],
      ["String str char PyString PyBackedStr", ["'a'", "'utf-8'"]],
      ["PathBuf Path OsString OsStr", ["'.'", "'a'"]],
      ["PyBytes PyBackedBytes", ["b"]],
      ["bool PyBool", ["True", "False"]],
      ["PyDict PyMapping", ["{'k': o}"]],
      ["PyList PySequence", ["[o]", "['a']"]],
      ["PyTuple", ["(o,)", "()"]],
      ["PySet", ["{o}"]],
      ["PyFrozenSet", ["frozenset({o})"]],
      ["PyByteArray", ["bytearray(b)"]],
      ["PyBuffer", ["b", "bytearray(b)"]],
      ["PyType", ["object"]],
      ["PyModule", ["m"]],
      ["PyIterator", ["iter([o])"]],
      ["PyFunction", ["f"]],
      ["PyCFunction", ["len"]],
    ] as const
  ).flatMap(([names, texts]) => names.split(" ").map((name): [string, readonly string[]] => [name, texts])),
);

const anything: readonly string[] = ["o", "None", "f", "'a'", "b", "{'k': o}", "[o]", "1", "[('a', o)]"];
const unknown: readonly string[] = ["'a'", "b", "1", "o", "f", "['a']", "{'k': 'a'}", "None"];

const objects = new Set(["PyAny", "PyObject", "PyObjectRef"]);
const handles = new Set(["Py", "Bound", "Borrowed", "PyRef", "PyRefMut", "PyCell", "Box", "Arc", "Rc", "Cow", "Mutex", "RwLock", "Result", "PyResult"]);
const sequences = new Set(["Vec", "[]", "VecDeque", "SmallVec"]);
const sets = new Set(["HashSet", "BTreeSet", "IndexSet"]);
const maps = new Set(["HashMap", "BTreeMap", "IndexMap", "AHashMap"]);

/** "o, 'a', held=f"; the list with the first value of everything that has to be given comes first. */
export function argumentLists(program: RustProgram, fn: RustFunction): string[] {
  const parameters = parametersOf(program, fn);
  const width = Math.max(0, ...parameters.map(({ texts }) => texts.length));
  const rows = Array.from({ length: width }, (_, row) => parameters.map(({ texts }) => texts[Math.min(row, texts.length - 1)] ?? ""));
  const [first = []] = rows;
  // Everything at once is different, then one thing at a time.
  const varied = parameters.flatMap(({ texts }, index) => texts.slice(1).map((text) => first.toSpliced(index, 1, text)));
  const lists = [...(rows.length === 0 ? [first] : rows), ...varied].map((list) => list.filter((text) => text !== "").join(", "));
  return [...new Set(lists)].slice(0, mostLists);
}

interface GivenParameter {
  /** "" leaves it out. */
  readonly texts: readonly string[];
}

function parametersOf(program: RustProgram, fn: RustFunction): GivenParameter[] {
  const signature = signatureOf(fn);
  return fn.parameters.filter(isGiven).flatMap(({ name, type }) => {
    const texts = alternatives(program, type, 0).slice(0, mostAlternatives);
    const said = signature?.get(name.replace(/^mut /, ""));
    if (said === "collects") return [];
    // An object to hold is worth giving, whatever may be left out.
    const isOptional = said === "optional" || (signature === undefined && withoutReferences(type).name === "Option");
    const named = said === "optional" || said === "keyword" ? texts.map((text) => `${name}=${text}`) : texts;
    return [{ texts: isOptional ? ["", ...named] : named }];
  });
}

/** The interpreter's token and the instance itself are nobody's to give. */
export function isGiven({ name, type }: RustFunction["parameters"][number]): boolean {
  const plain = withoutReferences(type).name;
  if (name === "self" || plain === "Python") return false;
  // `slf: PyRef<Self>` and the like are receivers under another name.
  return !(/^(?:mut )?_?(?:slf|self_|this|cls)$/.test(name) && ["PyRef", "PyRefMut", "Bound", "Py", "PyCell", "PyType"].includes(plain));
}

type SignaturePart = "positional" | "optional" | "keyword" | "collects";

/** Parameters as Python sees them. Source: PyO3 guide, "Function signatures". */
function signatureOf({ attributes }: RustFunction): ReadonlyMap<string, SignaturePart> | undefined {
  const text = attributes.flatMap((attribute) => attribute.arguments.get("signature") ?? [])[0];
  if (text === undefined) return undefined;
  let isKeyword = false;
  const parts = new Map<string, SignaturePart>();
  for (const part of topLevelParts(text.replace(/^\(|\)[^)]*$/g, ""))) {
    const [, stars = "", name = "", value] = /^(\**)\s*(\w*)[^=]*(=[\s\S]*)?$/.exec(part) ?? [];
    if (stars === "*") isKeyword = true;
    if (name !== "") parts.set(name, stars !== "" ? "collects" : value !== undefined ? "optional" : isKeyword ? "keyword" : "positional");
  }
  return parts;
}

function topLevelParts(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"|[\s\S]/g)) {
    if (/^[([{]$/.test(token)) depth++;
    if (/^[)\]}]$/.test(token)) depth--;
    if (token === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim());
}

function alternatives(program: RustProgram, given: RustType, depth: number): readonly string[] {
  const type = withoutReferences(given);
  if (objects.has(type.name)) return anything;
  const known = values.get(type.name);
  if (known !== undefined) return known;
  if (type.declaration !== undefined) return ofDeclared(program, type.declaration, depth);
  return depth > deepest ? unknown : (ofGeneric(program, type, depth + 1) ?? unknown);
}

/** A class, or what the crate itself extracts: one of its fields. */
function ofDeclared(program: RustProgram, declaration: number, depth: number): readonly string[] {
  const struct = program.structs[declaration];
  if (struct?.pyclass !== undefined) return [`$${declaration}$`];
  if (struct === undefined || depth > deepest) return unknown;
  const parts = struct.fields.map(({ type }) => alternatives(program, type, depth + 1));
  return distinct([...parts.flatMap((texts) => texts.slice(0, 2)), ...unknown]);
}

function ofGeneric(program: RustProgram, { name, arguments: given }: RustType, depth: number): readonly string[] | undefined {
  const parts = given.map((part) => alternatives(program, part, depth));
  const [first] = parts;
  if (first === undefined) return undefined;
  if (name === "Option") return distinct([...(first === anything ? first : ["None", ...first])]);
  if (handles.has(name)) return first;
  if (sequences.has(name)) return withoutReferences(given[0] as RustType).name === "u8" ? ["b", "[1]"] : first.map((text) => `[${text}]`);
  if (sets.has(name)) return first.map((text) => `{${text}}`);
  if (maps.has(name)) return (parts[1] ?? first).map((text) => `{${first[0] ?? "'k'"}: ${text}}`);
  return name === "()" ? [`(${parts.map(([text]) => `${text},`).join(" ")})`] : undefined;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
