// A class keeps Python objects behind Arc or Rc: several owners, of which the collector knows one or none.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { pythonClassesOf, referenceName } from "../python-classes.ts";
import type { OwnedReference, PythonClass } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/reference-behind-arc",
  title: "Python objects behind a shared pointer",
  severity: "leak",
  consequence:
    "Not visited, a cycle through them is never freed; visited by each of several owners, the collector counts one reference several times and may take a live object apart.",
  sources: ["pyo3.rs/latest/class/protocols.html#garbage-collector-integration", "docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_traverse"],
  since: "0.3.0",
  fixes: [{ title: "One owner", cost: "medium", detail: "Let one class own the objects and visit them; the others keep a Py<Owner>." }],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap((cls) => {
    const [first] = cls.references.filter(({ holding }) => holding.shared);
    return first === undefined ? [] : [report(program, cls, first)];
  });
}

function report(program: RustProgram, { struct, traverse, attribute }: PythonClass, reference: OwnedReference): Hazard {
  const isVisited = traverse?.events.some(
    (event) => event.kind === "call" && event.arguments.some(({ origin }) => origin.root.kind === "self" && origin.path[0] === reference.field.name),
  );
  const name = referenceName(reference);
  return draftRustHazard(program, metadata, {
    subject: struct.name,
    crate: struct.crate,
    span: reference.field.span,
    location: `${struct.name}.${name}`,
    // A clone inside the crate may be the only other owner there is, and no cycle may ever go through it.
    confidence: isVisited === true ? "medium" : "low",
    singleThreaded: true,
    evidence: [
      isVisited === true ? "__traverse__ visits through it, and so does every other owner" : "nobody visits it",
      ...(attribute.arguments.has("frozen") ? ["the class is frozen"] : []),
    ],
    message:
      isVisited === true
        ? `${struct.name}.${name} is shared by whoever clones the pointer; visited by several owners it is counted several times`
        : `${struct.name}.${name} is behind a shared pointer and not visited: a cycle through it is never freed`,
    ...(isVisited === true ? { severity: "corruption" as const } : {}),
  });
}

export const rule: RustRule = { metadata, find };
