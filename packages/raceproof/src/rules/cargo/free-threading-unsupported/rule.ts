// Wheels for Python without the GIL, built with a release of PyO3 that does not know it.
import { firstFreeThreadedPyo3 } from "../../../models/index.ts";
import { compareVersions } from "../../../vocabulary/index.ts";
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftCrateHazard } from "../crate-hazard.ts";
import { versionEvidence } from "../find-defects.ts";

const metadata: RuleMetadata = {
  id: "cargo/free-threading-unsupported",
  title: "PyO3 does not know Python without the GIL",
  severity: "crash",
  consequence: "Borrowed references, lists and the counters of borrows are used by several threads as if the GIL protected them.",
  sources: ["PyO3 #4588", "PyO3 guide: Supporting Free-Threaded CPython"],
  since: "0.2.0",
  fixes: [{ title: "PyO3 0.24 or newer", cost: "medium", detail: "0.23.0 is the first release with support, 0.24.0 the first without its early defects." }],
};

function find({ crates, cargo }: RustProgram): Hazard[] {
  const [build] = cargo.freeThreadedBuilds;
  if (build === undefined) return [];
  return crates.flatMap((crate) => {
    const { pyo3 } = crate;
    if (pyo3?.version === undefined || compareVersions(pyo3.version, firstFreeThreadedPyo3) >= 0) return [];
    return [
      draftCrateHazard(metadata, {
        crate,
        span: pyo3.span,
        about: "pyo3",
        met: [{ span: build.span, name: crate.name }],
        confidence: pyo3.isLocked || pyo3.admits.below !== undefined ? "high" : "low",
        reach: "live",
        evidence: [versionEvidence(pyo3), `${build.span.file}:${build.span.line} names ${build.text}`],
        message: `wheels without the GIL are built (${build.text} in ${build.span.file}) with PyO3 ${pyo3.version}, which does not know that; ${firstFreeThreadedPyo3} is the first that does`,
      }),
    ];
  });
}

export const rule: RustRule = { metadata, find };
