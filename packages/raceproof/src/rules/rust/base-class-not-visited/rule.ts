// A subclass in Rust replaces the traverse function of its base, whose references nobody visits.
// Only where the release is known to be one that does not call the base.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { pythonClassesOf, referenceName } from "../python-classes.ts";
import { draftRustHazard, isBefore } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/base-class-not-visited",
  title: "Traverse of a base class not called",
  severity: "leak",
  consequence: "References that the base class owns are not visited in instances of the subclass: a cycle through them is never freed.",
  sources: ["PyO3 #4563"],
  since: "0.3.0",
  fixes: [{ title: "Raise PyO3", cost: "low", detail: "From 0.22.4 on the traverse function of the base is called." }],
};

function find(program: RustProgram): Hazard[] {
  const classes = pythonClassesOf(program);
  return classes.flatMap(({ struct, attribute, traverse }) => {
    const base = attribute.arguments.get("extends")?.split("::").at(-1);
    if (base === undefined || traverse === undefined || !isBefore(program, struct.crate, "0.22.4")) return [];
    const hidden = classes.find((cls) => cls.struct.name === base && cls.struct.crate === struct.crate)?.references ?? [];
    const [first] = hidden;
    if (first === undefined) return [];
    const hazard = draftRustHazard(program, metadata, {
      subject: struct.name,
      crate: struct.crate,
      span: traverse.span,
      location: `${base}.${referenceName(first)}`,
      accesses: [{ span: first.field.span, function: base, kind: "read" }],
      confidence: "high",
      singleThreaded: true,
      evidence: ["before PyO3 0.22.4 the traverse function of a subclass replaces the one of its base"],
      message: `${struct.name}'s __traverse__ replaces ${base}'s: ${hidden.map(referenceName).join(", ")} of ${base} is not visited`,
    });
    return [hazard];
  });
}

export const rule: RustRule = { metadata, find };
