// Types of fields in, Rust that shows what they own to the collector, or lets go of it, out. Source: pyo3.rs/latest/class/protocols.html#garbage-collector-integration
// Misses: what is behind locks and cells (a traverse may not wait, and one that gives up leaves it out), enums and trait objects are refused.
import type { RustField, RustProgram, RustType } from "../../vocabulary/index.ts";

const sequences = new Set(["Vec", "VecDeque", "HashSet", "BTreeSet", "SmallVec", "IndexSet", "[]"]);
const maps = new Set(["HashMap", "BTreeMap", "IndexMap"]);

/** Lines without indent of their own, or undefined where nothing can be said. */
export type Lines = readonly string[] | undefined;

interface Place {
  readonly expression: string;
  /** The expression is a reference already. */
  readonly isReference: boolean;
}

/** Statements that visit all that a field of self owns. */
export function visitField(program: RustProgram, { name, type }: RustField, visitor: string): Lines {
  return visitPlace(program, type, { expression: `self.${name}`, isReference: false }, { visitor, depth: 0 });
}

interface Way {
  readonly visitor: string;
  readonly depth: number;
}

function visitPlace(program: RustProgram, type: RustType, place: Place, way: Way): Lines {
  const { expression } = place;
  if (!ownsPython(program, type)) return [];
  if (type.name === "Py") return [`${way.visitor}.call(${referenceTo(place)})?;`];
  if (type.name === "Option" || sequences.has(type.name)) return visitParts(program, type, place, way);
  if (maps.has(type.name)) return visitMap(program, type, place, { ...way, depth: way.depth + 1 });
  const [first] = type.arguments;
  if (type.name === "Box") return first && visitPlace(program, first, { expression: `${expression}.as_ref()`, isReference: true }, way);
  if (type.name === "()")
    return joined(type.arguments.map((part, index) => visitPlace(program, part, { expression: `${expression}.${index}`, isReference: false }, way)));
  return visitStruct(program, type, place, way);
}

function referenceTo({ expression, isReference }: Place): string {
  return isReference ? expression : `&${expression}`;
}

/** What an option or a sequence holds. */
function visitParts(program: RustProgram, { name, arguments: [part] }: RustType, place: Place, way: Way): Lines {
  const inner = `each${way.depth === 0 ? "" : way.depth + 1}`;
  const head = name === "Option" ? `if let Some(${inner}) = ${referenceTo(place)}` : `for ${inner} in ${place.expression}.iter()`;
  const body = part && visitPlace(program, part, { expression: inner, isReference: true }, { ...way, depth: way.depth + 1 });
  return body && [`${head} {`, ...body.map((line) => `    ${line}`), "}"];
}

/** A type of the program that is no class of its own. */
function visitStruct(program: RustProgram, { declaration }: RustType, { expression }: Place, way: Way): Lines {
  const struct = program.structs[declaration ?? -1];
  if (struct?.kind !== "struct" || struct.pyclass !== undefined || way.depth > 3) return undefined;
  return joined(struct.fields.map((field) => visitPlace(program, field.type, { expression: `${expression}.${field.name}`, isReference: false }, way)));
}

function visitMap(program: RustProgram, { arguments: [key, value] }: RustType, { expression }: Place, way: Way): Lines {
  const parts = [key, value].map((part, index) => part && visitPlace(program, part, { expression: index === 0 ? "key" : "value", isReference: true }, way));
  const body = joined(parts);
  if (body === undefined || key === undefined || value === undefined) return undefined;
  const names = [ownsPython(program, key) ? "key" : "_", ownsPython(program, value) ? "value" : "_"];
  const head =
    names[0] === "_"
      ? `for value in ${expression}.values() {`
      : names[1] === "_"
        ? `for key in ${expression}.keys() {`
        : `for (key, value) in ${expression}.iter() {`;
  return [head, ...body.map((line) => `    ${line}`), "}"];
}

function joined(parts: readonly Lines[]): Lines {
  return parts.includes(undefined) ? undefined : parts.flatMap((lines) => lines ?? []);
}

/** Anything of Python is in it, whatever around. */
function ownsPython(program: RustProgram, type: RustType, open: ReadonlySet<number> = new Set()): boolean {
  if (type.name === "Py") return true;
  const id = type.declaration;
  if (id !== undefined && !open.has(id)) {
    const struct = program.structs[id];
    return struct !== undefined && struct.pyclass === undefined && struct.fields.some(({ holdings }) => holdings.length > 0);
  }
  return type.name !== "&" && type.arguments.some((part) => ownsPython(program, part, open));
}

/** Statements that leave nothing in what can be empty of a field; undefined for what is behind a lock or a cell, or not known. */
export function clearField(program: RustProgram, { name, type }: RustField): Lines {
  return clearPlace(program, type, `self.${name}`, 0);
}

function clearPlace(program: RustProgram, type: RustType, expression: string, depth: number): Lines {
  if (!ownsPython(program, type)) return [];
  if (type.name === "Option") return [`${expression} = None;`];
  if (maps.has(type.name) || (sequences.has(type.name) && type.name !== "[]")) return [`${expression}.clear();`];
  // There is always an object in these.
  if (["Py", "Box", "()", "[]"].includes(type.name)) return [];
  const struct = program.structs[type.declaration ?? -1];
  if (struct?.kind !== "struct" || struct.pyclass !== undefined || depth > 3) return undefined;
  return joined(struct.fields.map((field) => clearPlace(program, field.type, `${expression}.${field.name}`, depth + 1)));
}
