// `__clear__` that empties every option and container of objects.
import type { FixAnswer, FixSource, Hazard, RustProgram } from "../../../vocabulary/index.ts";
import { addMethods, clearLines, refusal } from "../collector-methods.ts";
import { pythonClassesOf } from "../python-classes.ts";

export function propose(hazard: Hazard, program: RustProgram, source: FixSource): FixAnswer {
  const cls = pythonClassesOf(program).find(({ struct, traverse }) => struct.name === hazard.function && traverse?.span.file === hazard.span.file);
  if (cls === undefined) return refusal("its class is not found");
  const clear = clearLines(program, cls);
  if (typeof clear === "string") return refusal(clear === "" ? "nothing of it can be empty" : clear);
  return {
    kind: "fix",
    title: `${hazard.function} lets go of what it owns when the collector asks`,
    edits: addMethods(program, cls, { methods: [clear], source }),
  };
}
