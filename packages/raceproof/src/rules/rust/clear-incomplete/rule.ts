// `__clear__` leaves a reference that could be emptied.
// Misses: a field that is cleared in some branches only.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { canBeEmptied, changesLater, fieldsChangedBy, pythonClassesOf, referenceName } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/clear-incomplete",
  title: "Clear leaves a reference",
  severity: "leak",
  consequence: "A cycle through the reference that is left is never freed.",
  sources: ["pyo3.rs/latest/class/protocols.html#garbage-collector-integration", "docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_clear"],
  since: "0.3.0",
  fixes: [{ title: "Empty it too", cost: "low", detail: "Set it to None, or clear the container, in __clear__." }],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap((cls) => {
    const { struct, traverse, clear, references } = cls;
    if (traverse === undefined || clear === undefined) return [];
    const emptied = fieldsChangedBy(clear);
    const left = emptied.has("") ? [] : references.filter(({ field, holding }) => canBeEmptied(holding) && !holding.shared && !emptied.has(field.name));
    const fields = [...new Map(left.map((reference) => [reference.field.name, reference])).values()];
    return fields.map((reference) =>
      draftRustHazard(program, metadata, {
        subject: clear.qualifiedName,
        crate: struct.crate,
        span: clear.span,
        location: `${struct.name}.${referenceName(reference)}`,
        accesses: [{ span: reference.field.span, function: struct.name, kind: "read" }],
        confidence: changesLater(cls, reference) && !clear.events.some(({ kind }) => kind === "macro-text") ? "medium" : "low",
        singleThreaded: true,
        evidence: [`${reference.field.name} owns Python objects and can be emptied`],
        message: `${clear.qualifiedName} does not empty ${reference.field.name}: a cycle through it is never freed`,
      }),
    );
  });
}

export const rule: RustRule = { metadata, find };
