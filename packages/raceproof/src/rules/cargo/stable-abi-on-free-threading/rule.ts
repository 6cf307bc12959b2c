// The stable ABI is asked for beside wheels without the GIL, which have none before PyO3 0.29.
import { without313t } from "../../../models/index.ts";
import { compareVersions } from "../../../vocabulary/index.ts";
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftCrateHazard } from "../crate-hazard.ts";
import { versionEvidence } from "../find-defects.ts";

const metadata: RuleMetadata = {
  id: "cargo/stable-abi-on-free-threading",
  title: "The stable ABI is not there without the GIL",
  severity: "wrong-answer",
  consequence: "The wheel that is meant for every Python is built for one, or does not load.",
  sources: ["PyO3 guide: Supporting Free-Threaded CPython, limited API", "PEP 803"],
  since: "0.2.0",
  fixes: [{ title: "Two wheels", cost: "low", detail: "One with abi3, one for the free-threaded Python without that feature." }],
};

function find({ crates, cargo }: RustProgram): Hazard[] {
  const [build] = cargo.freeThreadedBuilds;
  if (build === undefined) return [];
  return crates.flatMap((crate) => {
    const { pyo3 } = crate;
    const feature = pyo3?.features.find((name) => /^abi3(?:-|$)/.test(name));
    if (pyo3 === undefined || feature === undefined || (pyo3.version !== undefined && compareVersions(pyo3.version, without313t) >= 0)) return [];
    const message = `the feature ${feature} has no effect in wheels without the GIL (${build.text} in ${build.span.file})`;
    return [
      draftCrateHazard(metadata, { crate, span: pyo3.span, about: feature, confidence: "medium", reach: "live", evidence: [versionEvidence(pyo3)], message }),
    ];
  });
}

export const rule: RustRule = { metadata, find };
