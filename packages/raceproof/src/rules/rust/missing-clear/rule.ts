// A class shows its references to the collector, which may not break the cycle: there is no `__clear__`.
// A reference that can never be absent needs none: some other edge of each cycle can be cut. One that never changes is ranked down for the same reason.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { canBeEmptied, changesLater, pythonClassesOf, referenceName } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";
import { propose } from "./fix.ts";

const metadata: RuleMetadata = {
  id: "rust/missing-clear",
  title: "Traverse without clear",
  severity: "leak",
  consequence: "The collector finds the cycle and cannot break it: when its other members cannot be cleared either, it is never freed.",
  sources: ["pyo3.rs/latest/class/protocols.html#garbage-collector-integration", "docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_clear"],
  since: "0.3.0",
  fixes: [{ title: "Add __clear__", cost: "low", detail: "Set every optional reference to None and empty every container that __traverse__ visits." }],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap((cls) => {
    const { struct, traverse, clear, references } = cls;
    const kept = references.filter(({ holding }) => canBeEmptied(holding) && !holding.shared);
    const [first] = kept;
    if (traverse === undefined || clear !== undefined || first === undefined) return [];
    const names = [...new Set(kept.map(referenceName))].slice(0, 4).join(", ");
    const isChanged = kept.some((reference) => changesLater(cls, reference));
    const hazard = draftRustHazard(program, metadata, {
      subject: struct.name,
      crate: struct.crate,
      span: traverse.span,
      location: `${struct.name}.${referenceName(first)}`,
      confidence: isChanged ? "medium" : "low",
      singleThreaded: true,
      evidence: [
        isChanged ? "a cycle can be closed here, and may have no other edge to cut" : "it never changes, so some other edge closes the cycle and can be cut",
      ],
      message: `${struct.name} has __traverse__ and no __clear__: the collector cannot break a cycle through ${names}`,
    });
    return [hazard];
  });
}

export const rule: RustRule = { metadata, find, propose };
