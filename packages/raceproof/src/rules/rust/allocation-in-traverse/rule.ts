// `__traverse__` makes Python objects or runs Python code.
// What it does inside a closure that attaches is told by the rule about attaching.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { findInTraversals, isBehindAttach } from "../traversals.ts";

const metadata: RuleMetadata = {
  id: "rust/allocation-in-traverse",
  title: "Traverse makes objects or runs Python",
  severity: "crash",
  consequence:
    "New objects are put on the list the collector is walking over, or start a collection inside the collection; code of the user runs in the middle of it.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.traverseproc", "pyo3.rs/latest/class/protocols.html#garbage-collector-integration"],
  since: "0.3.0",
  fixes: [{ title: "Only visit", cost: "low", detail: "No Python API but the visitor's `call`." }],
};

function find(program: RustProgram): Hazard[] {
  return findInTraversals(program, {
    metadata,
    kinds: ["allocates-python", "runs-python"],
    isMeant: (effect, _event, fn) => !isBehindAttach(fn, effect),
    wording: () => ({
      does: "makes Python objects or runs Python code",
      because: "an allocation can start a collection inside this one, and Python code can do anything",
    }),
  });
}

export const rule: RustRule = { metadata, find };
