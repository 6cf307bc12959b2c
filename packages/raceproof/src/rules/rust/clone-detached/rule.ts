// A reference is cloned where the thread is not attached.
// Between 0.18.2 and 0.21 it waits for the next attach and is harmless; from 0.22 on it does not compile without the feature py-clone.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf } from "../attached-calls.ts";
import { draftRustHazard, isBefore } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/clone-detached",
  title: "Reference cloned while detached",
  severity: "crash",
  consequence: "Before PyO3 0.18.2 the count is changed without the GIL and lost; with the feature py-clone of 0.22 and later the clone panics.",
  sources: ["PyO3 #2952", "PyO3 #4095"],
  since: "0.3.0",
  fixes: [{ title: "Clone while attached", cost: "low", detail: "clone_ref(py) before detaching, and move the clone in." }],
};

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    const why = reasonIn(program, fn.crate);
    if (why === undefined) return [];
    const clones = callsOf(fn).filter(
      ({ attachment, effects, targets }) =>
        (attachment === "detached" || attachment === "spawned") && effects.includes("clones-python") && targets.length === 0,
    );
    return clones.map((call) => report(program, fn, call, why));
  });
}

function reasonIn(program: RustProgram, crate: number): string | undefined {
  if (isBefore(program, crate, "0.18.2")) return "before PyO3 0.18.2 the count is changed at once, without the GIL";
  return program.crates[crate]?.pyo3?.features.includes("py-clone") === true ? "with the feature py-clone it panics" : undefined;
}

function report(program: RustProgram, fn: RustFunction, call: RustCall, why: string): Hazard {
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: `${fn.qualifiedName}.clone`,
    confidence: "high",
    singleThreaded: true,
    evidence: [why],
    message: `${call.text} clones a reference while the thread is not attached`,
  });
}

export const rule: RustRule = { metadata, find };
