// `__traverse__` takes or drops references that the object owns.
// Misses: drops behind a trait object. What is only moved from one field to another counts as taken.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { isBefore } from "../rust-hazard.ts";
import { findInTraversals } from "../traversals.ts";

const metadata: RuleMetadata = {
  id: "rust/drop-in-traverse",
  title: "Traverse drops a reference",
  severity: "crash",
  consequence: "An object dies, or is about to, while the collector counts the references to it: memory in use is freed, or garbage stays.",
  sources: ["PyO3 #3165", "docs.python.org/3/c-api/gcsupport.html#c.traverseproc"],
  since: "0.3.0",
  fixes: [{ title: "Drop in __clear__", cost: "low", detail: "The collector calls __clear__ when it has decided; there `self.field = None` is right." }],
};

function find(program: RustProgram): Hazard[] {
  return findInTraversals(program, {
    metadata,
    kinds: ["drops-python"],
    wording: (crate) =>
      isBefore(program, crate, "0.19.0")
        ? { does: "drops a reference", because: "the object may die in the middle of the collector's walk" }
        : {
            does: "drops a reference",
            because: "since PyO3 0.19 the drop waits for the next thread that attaches, but the collector no longer sees the reference it must count",
            severity: "corruption",
          },
  });
}

export const rule: RustRule = { metadata, find };
