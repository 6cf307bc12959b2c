// Where a class's methods for the collector go, as edits: into its #[pymethods], or into a block of their own behind it.
import { offsetIn } from "../../vocabulary/index.ts";
import type { FixAnswer, FixSource, RustProgram, SourceSpan, TextEdit } from "../../vocabulary/index.ts";
import type { PythonClass } from "./python-classes.ts";
import { clearField, visitField } from "./visit-code.ts";

export function refusal(reason: string): FixAnswer {
  return { kind: "refusal", reason };
}

/** `__traverse__` over every field that owns something, or why there is none. */
export function traverseLines(program: RustProgram, { struct }: PythonClass): readonly string[] | string {
  const body: string[] = [];
  for (const field of struct.fields) {
    const lines = visitField(program, field, "visit");
    if (lines === undefined) return `${field.name} holds objects in a way that a traverse cannot go: behind a lock, a cell, an enum or a trait object`;
    body.push(...lines);
  }
  return ["fn __traverse__(&self, visit: pyo3::PyVisit<'_>) -> Result<(), pyo3::PyTraverseError> {", ...[...body, "Ok(())"].map((line) => `    ${line}`), "}"];
}

/** `__clear__` that empties what can be empty; "" where nothing can. */
export function clearLines(program: RustProgram, { struct, attribute }: PythonClass): readonly string[] | string {
  const body: string[] = [];
  for (const field of struct.fields) {
    const lines = clearField(program, field);
    if (lines === undefined) return `${field.name} cannot be emptied without waiting or is of a type that is not known`;
    body.push(...lines);
  }
  if (body.length === 0) return "";
  if (attribute.arguments.has("frozen")) return "the class is frozen, so nothing can be taken out of it";
  return ["fn __clear__(&mut self) {", ...body.map((line) => `    ${line}`), "}"];
}

export function addMethods(
  program: RustProgram,
  { struct }: PythonClass,
  { methods, source }: { readonly methods: readonly (readonly string[])[]; readonly source: FixSource },
): TextEdit[] {
  const block = program.implementations.find(
    ({ type, trait, attributes }) => type.declaration === struct.id && trait === undefined && attributes.some(({ name }) => name === "pymethods"),
  );
  const file = (block ?? struct).span.file;
  const text = source.textOf(file);
  const code = methods.map((lines) => lines.map((line) => `    ${line}\n`).join("")).join("\n");
  if (block === undefined) {
    const at = endOf(text, struct.span);
    return [{ file, from: at, to: at, text: `\n\n#[pymethods]\nimpl ${struct.name} {\n${code}}` }];
  }
  const at = text.lastIndexOf("}", endOf(text, block.span));
  const begin = text.lastIndexOf("\n", at) + 1;
  return [{ file, from: begin, to: begin, text: /\{\s*$/.test(text.slice(0, begin)) ? code : `\n${code}` }];
}

export function endOf(text: string, { endLine, endColumn }: SourceSpan): number {
  return offsetIn(text, endLine, endColumn);
}
