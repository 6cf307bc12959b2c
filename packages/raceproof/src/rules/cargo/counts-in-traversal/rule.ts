// A release of PyO3 that changes reference counts while the collector walks, in a crate whose classes are walked.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { findDefects } from "../find-defects.ts";
import { raiseRequirement } from "../raise-requirement.ts";

const metadata: RuleMetadata = {
  id: "cargo/counts-in-traversal",
  title: "Reference counts change inside the collector's walk",
  severity: "crash",
  consequence: "The process dies in a garbage collection, some time after a thread gave up an object without the interpreter.",
  sources: ["PyO3 #3165 and its fix #3168", "CPython: Doc/c-api/gcsupport.rst, tp_traverse must not have side effects"],
  since: "0.2.0",
  fixes: [
    {
      title: "PyO3 0.19.0 or newer, better 0.22.3",
      cost: "medium",
      detail: "Raise the requirement and run `cargo update -p pyo3`; give objects up while attached until then.",
    },
  ],
};

function find(program: RustProgram): Hazard[] {
  return findDefects(program, metadata, "deferred-counts");
}

export const rule: RustRule = { metadata, find, propose: raiseRequirement };
