// A class with a `__dict__` that the collector is never shown.
// Only where the release is known to be one that does not visit it.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { pythonClassesOf } from "../python-classes.ts";
import { draftRustHazard, isBefore } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/dict-class-cycle",
  title: "Attributes that the collector is not shown",
  severity: "leak",
  consequence: "A cycle through an attribute of an instance is never freed: `obj.me = obj` is enough.",
  sources: ["PyO3 #6206"],
  since: "0.3.0",
  fixes: [
    { title: "Raise PyO3", cost: "low", detail: "From 0.29.1 on the dictionary of an instance is visited." },
    { title: "Without a dictionary", cost: "medium", detail: "Keep attributes in a field that __traverse__ visits." },
  ],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap(({ struct, attribute }) => {
    if (!attribute.arguments.has("dict") || !isBefore(program, struct.crate, "0.29.1")) return [];
    const hazard = draftRustHazard(program, metadata, {
      subject: struct.name,
      crate: struct.crate,
      span: struct.span,
      location: `${struct.name}.__dict__`,
      confidence: "medium",
      singleThreaded: true,
      evidence: ["before PyO3 0.29.1 `#[pyclass(dict)]` does not show the dictionary to the collector"],
      message: `instances of ${struct.name} have a __dict__ that is not visited: a cycle through an attribute is never freed`,
    });
    return [hazard];
  });
}

export const rule: RustRule = { metadata, find };
