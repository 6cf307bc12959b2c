// Wheels for 3.13t with a release of PyO3 that does not support it any more.
import { without313t } from "../../../models/index.ts";
import { compareVersions } from "../../../vocabulary/index.ts";
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftCrateHazard } from "../crate-hazard.ts";
import { versionEvidence } from "../find-defects.ts";

const metadata: RuleMetadata = {
  id: "cargo/dropped-free-threaded-python",
  title: "PyO3 does not support 3.13t any more",
  severity: "wrong-answer",
  consequence: "The build for 3.13t fails, or what it makes is not tested by anybody.",
  sources: ["PyO3 #5865"],
  since: "0.2.0",
  fixes: [{ title: "Build for 3.14t", cost: "low", detail: "Or keep PyO3 below 0.29 as long as 3.13t is promised." }],
};

function find({ crates, cargo }: RustProgram): Hazard[] {
  const crate = crates.find(({ pyo3 }) => pyo3?.version !== undefined && compareVersions(pyo3.version, without313t) >= 0);
  if (crate?.pyo3 === undefined) return [];
  const { pyo3 } = crate;
  return cargo.freeThreadedBuilds
    .filter(({ python }) => python === "3.13t")
    .map(({ text, span }) =>
      draftCrateHazard(metadata, {
        crate,
        span,
        about: text,
        confidence: pyo3.isLocked ? "high" : "medium",
        reach: "live",
        evidence: [versionEvidence(pyo3)],
        message: `${text} is built with PyO3 ${pyo3.version ?? ""}, which supports Python without the GIL from 3.14 on`,
      }),
    );
}

export const rule: RustRule = { metadata, find };
