// A class that panics when another thread touches it.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { pythonClassesOf } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/unsendable-class",
  title: "Class for one thread",
  severity: "wrong-answer",
  consequence:
    "Using an instance in another thread panics; the collector and the last reference may well be there, and then it is neither visited nor dropped.",
  sources: ["docs.rs/pyo3 #[pyclass(unsendable)]", "PyO3 #3689"],
  since: "0.3.0",
  fixes: [{ title: "A class that can be shared", cost: "medium", detail: "Replace Rc by Arc and cells by locks, and leave the argument out." }],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap(({ struct, attribute }) => {
    if (!attribute.arguments.has("unsendable")) return [];
    const hazard = draftRustHazard(program, metadata, {
      subject: struct.name,
      crate: struct.crate,
      span: struct.span,
      location: `${struct.name}.unsendable`,
      confidence: "medium",
      singleThreaded: true,
      evidence: ["the class says so itself"],
      message: `instances of ${struct.name} panic in every thread but the one that made them`,
    });
    return [hazard];
  });
}

export const rule: RustRule = { metadata, find };
