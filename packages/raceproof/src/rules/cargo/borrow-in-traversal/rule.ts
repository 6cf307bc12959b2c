// A release of PyO3 that takes a reference to the object the collector visits, in a crate whose classes are walked.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { findDefects } from "../find-defects.ts";
import { raiseRequirement } from "../raise-requirement.ts";

const metadata: RuleMetadata = {
  id: "cargo/borrow-in-traversal",
  title: "The object being visited is borrowed",
  severity: "corruption",
  consequence: "Counts of objects change during a collection; without the GIL, or in debug builds, the collector fails.",
  sources: ["PyO3 #4479"],
  since: "0.2.0",
  fixes: [{ title: "PyO3 0.22.3 or newer", cost: "low", detail: "`cargo update -p pyo3` where the manifest admits it." }],
};

function find(program: RustProgram): Hazard[] {
  return findDefects(program, metadata, "visited-object");
}

export const rule: RustRule = { metadata, find, propose: raiseRequirement };
