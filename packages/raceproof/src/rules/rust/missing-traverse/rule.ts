// A class owns Python objects and shows none of them to the collector.
// Misses: what hides behind `dyn Trait`. Says little of iterators: they live for one loop.
import type { Confidence, Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { changesLater, isFilledOnce, pythonClassesOf, referenceName, takesObjects } from "../python-classes.ts";
import type { OwnedReference, PythonClass } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";
import { propose } from "./fix.ts";

const metadata: RuleMetadata = {
  id: "rust/missing-traverse",
  title: "Class with Python objects and no traverse",
  severity: "leak",
  consequence: "The collector does not know the class: a cycle through one of its instances is never freed.",
  sources: ["pyo3.rs/latest/class/protocols.html#garbage-collector-integration", "docs.python.org/3/c-api/gcsupport.html"],
  since: "0.3.0",
  fixes: [
    {
      title: "Visit and clear",
      cost: "low",
      detail: "Add `__traverse__` that visits every owned reference, and `__clear__` that empties those that can be empty.",
    },
    { title: "Own something smaller", cost: "medium", detail: "Keep a str, bytes or number, or a weak reference, where the object itself is not needed." },
  ],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap((cls) => {
    const hidden = cls.references.filter(({ holding }) => !holding.shared);
    return cls.traverse !== undefined || hidden.length === 0 ? [] : [report(program, cls, hidden)];
  });
}

function report(program: RustProgram, cls: PythonClass, hidden: readonly OwnedReference[]): Hazard {
  const { struct } = cls;
  const names = [...new Set(hidden.map(referenceName))];
  const [confidence, reason] = rank(program, cls, hidden);
  return draftRustHazard(program, metadata, {
    subject: struct.name,
    crate: struct.crate,
    span: struct.span,
    location: `${struct.name}.${names[0]}`,
    accesses: hidden.slice(0, 4).map(({ field }) => ({ span: field.span, function: struct.name, kind: "read" })),
    confidence,
    singleThreaded: true,
    evidence: [reason],
    message: `${struct.name} owns Python objects (${names.slice(0, 4).join(", ")}) and has no __traverse__: a cycle through it is never freed`,
  });
}

function rank(program: RustProgram, cls: PythonClass, hidden: readonly OwnedReference[]): readonly [Confidence, string] {
  if (cls.functions.some(({ name, context }) => name === "__next__" && context === "pymethods"))
    return ["low", "an iterator lives for one loop, and seldom becomes part of a cycle"];
  if (hidden.every(isFilledOnce)) return ["low", "the crate itself fills it, once"];
  if (!takesObjects(program, cls)) return ["low", "no function of the class takes an object from Python"];
  if (hidden.some((reference) => changesLater(cls, reference)))
    return ["high", "the object can be put there after the instance was made, so a cycle is easily closed"];
  return ["medium", "a cycle needs an object that later refers to the instance"];
}

export const rule: RustRule = { metadata, find, propose };
