// The missing field is visited right before the traverse function's last `Ok(())`.
import { offsetIn, withoutReferences } from "../../../vocabulary/index.ts";
import type { FixAnswer, FixSource, Hazard, RustProgram } from "../../../vocabulary/index.ts";
import { endOf, refusal } from "../collector-methods.ts";
import { traversalsOf } from "../traversals.ts";
import { visitField } from "../visit-code.ts";
import { structOf } from "../visits.ts";

export function propose(hazard: Hazard, program: RustProgram, source: FixSource): FixAnswer {
  const fn = traversalsOf(program).find(({ qualifiedName, span }) => qualifiedName === hazard.function && span.file === hazard.span.file);
  const name = hazard.location.path.split(".")[0];
  const field = fn && structOf(program, fn)?.fields.find((each) => each.name === name);
  const visitor = fn?.parameters.find(({ type }) => withoutReferences(type).name === "PyVisit")?.name;
  if (fn === undefined || field === undefined || visitor === undefined || !/^\w+$/.test(visitor) || visitor.startsWith("_"))
    return refusal("its visitor has no name to call");
  const lines = visitField(program, field, visitor);
  if (lines === undefined) return refusal(`${field.name} holds objects in a way that a traverse cannot go: behind a lock, a cell, an enum or a trait object`);
  const text = source.textOf(fn.span.file);
  const [from, to] = [offsetIn(text, fn.span.line, fn.span.column), endOf(text, fn.span)];
  const end = /\n([ \t]*)Ok\(\(\)\)\s*\}\s*$/.exec(text.slice(from, to));
  if (end === null) return refusal("it does not end with Ok(())");
  const at = from + end.index + 1;
  const code = lines.map((line) => `${end[1] ?? ""}${line}\n`).join("");
  return { kind: "fix", title: `${fn.qualifiedName} visits ${field.name}`, edits: [{ file: fn.span.file, from: at, to: at, text: code }] };
}
