// `__traverse__` takes new references: clones of what it should only show.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { findInTraversals } from "../traversals.ts";

const metadata: RuleMetadata = {
  id: "rust/clone-in-traverse",
  title: "Traverse clones a reference",
  severity: "corruption",
  consequence: "A reference count changes while the collector compares counts with visits: what is garbage is kept, or what is in use is freed.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.traverseproc", "pyo3.rs/latest/class/protocols.html#garbage-collector-integration", "PyO3 #4095"],
  since: "0.3.0",
  fixes: [{ title: "Borrow", cost: "low", detail: "Iterate over `&self.field`, and give the visitor a reference." }],
};

function find(program: RustProgram): Hazard[] {
  return findInTraversals(program, {
    metadata,
    kinds: ["clones-python"],
    wording: () => ({ does: "clones a reference", because: "it changes a reference count that the collector is just using" }),
  });
}

export const rule: RustRule = { metadata, find };
