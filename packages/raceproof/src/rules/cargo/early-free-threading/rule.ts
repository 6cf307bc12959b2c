// One of the first releases of PyO3 that know Python without the GIL, and code that meets what they did wrong there.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { findDefects } from "../find-defects.ts";
import { raiseRequirement } from "../raise-requirement.ts";

const metadata: RuleMetadata = {
  id: "cargo/early-free-threading",
  title: "Early release for Python without the GIL",
  severity: "corruption",
  consequence: "Two threads change one object at the same time although the compiler's rules forbid it.",
  sources: ["PyO3 #4788, #4789, #4902, #4948"],
  since: "0.2.0",
  fixes: [{ title: "PyO3 0.24.0 or newer", cost: "low", detail: "The first release in which all four defects are gone." }],
};

function find(program: RustProgram): Hazard[] {
  return findDefects(program, metadata, "free-threading");
}

export const rule: RustRule = { metadata, find, propose: raiseRequirement };
