// Two incompatible releases of PyO3 in one lock file.
import { isWithin, rangeOfRequirement } from "../../../vocabulary/index.ts";
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftCrateHazard } from "../crate-hazard.ts";

const metadata: RuleMetadata = {
  id: "cargo/two-versions",
  title: "Two releases of PyO3 in one build",
  severity: "wrong-answer",
  consequence: "Each release keeps its own pool, its own count of attached threads and its own types: an object of one is not known to the other.",
  sources: ["The Cargo book: links", "PyO3 guide: FAQ"],
  since: "0.2.0",
  fixes: [{ title: "One release", cost: "medium", detail: "`cargo tree -d -i pyo3` tells who asks for which." }],
};

function find({ crates, cargo }: RustProgram): Hazard[] {
  const seen = new Set<string>();
  return crates.flatMap((crate) => {
    const locked = cargo.packages.find(({ manifest }) => manifest === crate.manifest)?.locked.filter(({ name }) => name === "pyo3") ?? [];
    const [first, ...others] = locked;
    return others.flatMap((other) => {
      const key = `${other.span.file}:${other.span.line}`;
      if (first === undefined || seen.has(key) || isCompatible(first.version, other.version)) return [];
      seen.add(key);
      const message = `${other.span.file} locks PyO3 ${first.version} and ${other.version}: two runtimes that do not know of each other in one process`;
      return [draftCrateHazard(metadata, { crate, span: other.span, about: "pyo3", confidence: "medium", reach: "single-threaded", evidence: [], message })];
    });
  });
}

function isCompatible(a: string, b: string): boolean {
  return isWithin(b, rangeOfRequirement(a)) || isWithin(a, rangeOfRequirement(b));
}

export const rule: RustRule = { metadata, find };
