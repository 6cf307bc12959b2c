// `__traverse__` attaches to the interpreter, itself or through what it calls.
// Misses: attaching behind a trait object or a macro that is not read.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { isBefore } from "../rust-hazard.ts";
import { findInTraversals } from "../traversals.ts";

const metadata: RuleMetadata = {
  id: "rust/attach-in-traverse",
  title: "Traverse attaches to the interpreter",
  severity: "crash",
  consequence:
    "The collector is in the middle of its walk: reference counts change under it and objects in use are freed; newer releases panic and the class is never collected.",
  sources: ["PyO3 #3165", "PyO3 #3168", "pyo3.rs/latest/class/protocols.html#garbage-collector-integration"],
  since: "0.3.0",
  fixes: [
    {
      title: "Only visit",
      cost: "low",
      detail: "Call the visitor for every owned reference and nothing else; what needs the interpreter belongs into another method.",
    },
  ],
};

function find(program: RustProgram): Hazard[] {
  return findInTraversals(program, {
    metadata,
    kinds: ["attaches"],
    wording: (crate) =>
      isBefore(program, crate, "0.19.0")
        ? { does: "attaches to the interpreter", because: "before PyO3 0.19 attaching applies waiting reference count changes in the middle of the collection" }
        : {
            does: "attaches to the interpreter",
            because: "PyO3 forbids it since 0.19: it panics, the walk stops and the object is never collected",
            severity: "leak",
          },
  });
}

export const rule: RustRule = { metadata, find };
