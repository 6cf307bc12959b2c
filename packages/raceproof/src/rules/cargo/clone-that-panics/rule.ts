// The feature py-clone: handles are cloned like any value, and doing so without the interpreter panics.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftCrateHazard } from "../crate-hazard.ts";
import { placesOf } from "../crate-practices.ts";
import { freeThreadingOf } from "../free-threading.ts";

const metadata: RuleMetadata = {
  id: "cargo/clone-that-panics",
  title: "Cloning a handle while detached panics",
  severity: "crash",
  consequence: "A thread that does not hold the interpreter panics when it copies a value that owns a Python object.",
  sources: ["PyO3 #4095", "PyO3 guide: features, py-clone"],
  since: "0.2.0",
  fixes: [{ title: "clone_ref(py)", cost: "medium", detail: "Without the feature the compiler shows every place." }],
};

function find(program: RustProgram): Hazard[] {
  return program.crates.flatMap((crate, index) => {
    const { pyo3 } = crate;
    if (pyo3 === undefined || !pyo3.features.includes("py-clone")) return [];
    const met = placesOf(program, index, "detached-clone");
    const [first] = met;
    const freeThreading = freeThreadingOf(program, index);
    if (first === undefined && freeThreading === undefined) return [];
    const where = first === undefined ? "a thread that copies a handle while detached" : `${first.name} (${first.span.file}:${first.span.line})`;
    return [
      draftCrateHazard(metadata, {
        crate,
        span: pyo3.span,
        about: "py-clone",
        met,
        confidence: first === undefined ? "low" : "high",
        reach: "single-threaded",
        evidence: freeThreading ?? [],
        message: `the feature py-clone lets handles be cloned anywhere, and ${where} panics`,
      }),
    ];
  });
}

export const rule: RustRule = { metadata, find };
