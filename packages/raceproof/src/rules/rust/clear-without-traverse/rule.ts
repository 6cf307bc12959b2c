// `__clear__` without `__traverse__`: the type cannot be made.
// Newer releases refuse to compile it.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { pythonClassesOf } from "../python-classes.ts";
import { draftRustHazard, isBefore } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/clear-without-traverse",
  title: "Clear without traverse",
  severity: "wrong-answer",
  consequence: "Making the type fails when the module is imported, or the class is first used.",
  sources: ['PyO3, src/pyclass/create_type_object.rs ("`__clear__` defined without `__traverse__`")', "docs.python.org/3/c-api/gcsupport.html"],
  since: "0.3.0",
  fixes: [{ title: "Add __traverse__", cost: "low", detail: "Visit every reference that __clear__ drops." }],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap(({ struct, traverse, clear, attribute }) => {
    // A base class may bring the traverse function.
    if (clear === undefined || traverse !== undefined || attribute.arguments.has("extends")) return [];
    const fails = !isBefore(program, struct.crate, "0.16.0");
    const hazard = draftRustHazard(program, metadata, {
      subject: clear.qualifiedName,
      crate: struct.crate,
      span: clear.span,
      location: `${struct.name}.__clear__`,
      confidence: fails ? "high" : "medium",
      singleThreaded: true,
      evidence: [fails ? "PyO3 refuses to make such a type" : "the collector never calls __clear__ of a class without __traverse__"],
      message: `${struct.name} has __clear__ and no __traverse__: ${fails ? "its type cannot be made" : "the collector never calls it"}`,
    });
    return [hazard];
  });
}

export const rule: RustRule = { metadata, find };
