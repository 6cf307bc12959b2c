// A defect of the PyO3 a crate is built with that its code meets: unsendable classes, empty Options, cloned handles, looked-up items.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { findDefects } from "../find-defects.ts";
import { raiseRequirement } from "../raise-requirement.ts";

const metadata: RuleMetadata = {
  id: "cargo/known-defect",
  title: "The PyO3 in use has a defect that the code meets",
  severity: "crash",
  consequence: "Depends on the defect: an abort in a collection, a count that is wrong.",
  sources: ["PyO3 #855, #2921, #2952, #3176, #3689, #4355, #4410"],
  since: "0.2.0",
  fixes: [{ title: "The first fixed release, or a newer one", cost: "low", detail: "The finding names it." }],
};

function find(program: RustProgram): Hazard[] {
  return findDefects(program, metadata, "other");
}

export const rule: RustRule = { metadata, find, propose: raiseRequirement };
