// `__traverse__` that visits every owned field, and `__clear__` for those that can be empty.
import type { FixAnswer, FixSource, Hazard, RustProgram } from "../../../vocabulary/index.ts";
import { addMethods, clearLines, refusal, traverseLines } from "../collector-methods.ts";
import { pythonClassesOf } from "../python-classes.ts";

export function propose(hazard: Hazard, program: RustProgram, source: FixSource): FixAnswer {
  const cls = pythonClassesOf(program).find(({ struct }) => struct.name === hazard.function && struct.span.file === hazard.span.file);
  if (cls === undefined) return refusal("its class is not found");
  const traverse = traverseLines(program, cls);
  if (typeof traverse === "string") return refusal(traverse);
  const clear = cls.clear === undefined ? clearLines(program, cls) : "";
  if (typeof clear === "string" && clear !== "") return refusal(clear);
  const methods = typeof clear === "string" ? [traverse] : [traverse, clear];
  return { kind: "fix", title: `${hazard.function} shows what it owns to the collector`, edits: addMethods(program, cls, { methods, source }) };
}
