// A reference to a Python object ends where the thread is not attached: the count is changed later, by whoever attaches next.
// Misses: references inside containers that are dropped with them in other functions.
import type { Confidence, Hazard, RuleMetadata, RustDrop, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftRustHazard, isBefore } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/py-dropped-detached",
  title: "Reference dropped while detached",
  severity: "leak",
  consequence:
    "The object lives on until some thread attaches; before PyO3 0.19 that could be the collector's walk, which then met freed memory. Without the reference pool the process aborts.",
  sources: ["PyO3 #3165", "docs.rs/pyo3 Py (a note on Drop)"],
  since: "0.3.0",
  fixes: [{ title: "Drop it while attached", cost: "low", detail: "Take Rust values out before detaching, or drop the reference inside Python::attach." }],
};

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    const dropped = fn.events.filter(
      (event): event is RustDrop => event.kind === "drop" && (event.attachment === "detached" || event.attachment === "spawned") && ownsHere(fn, event),
    );
    return dropped.map((drop) => report(program, fn, drop));
  });
}

/** A borrowed value is not dropped; a guard or iterator over it neither. */
function ownsHere({ scopes, parameters, guards }: RustFunction, { value, local }: RustDrop): boolean {
  if (guards.some((guard) => guard.local === local)) return false;
  if (value.type.name === "&" || value.type.name === "Iterator" || value.origin.through.length > 0) return false;
  const { root } = value.origin;
  return !(root.kind === "parameter" && scopes.length === 1 && parameters[root.index]?.type.name === "&");
}

function report(program: RustProgram, fn: RustFunction, { span, local, attachment }: RustDrop): Hazard {
  const aborts = program.cargo.compilerFlags.some(({ name }) => name === "pyo3_disable_reference_pool");
  const inWalk = isBefore(program, fn.crate, "0.19.0");
  const confidence: Confidence = aborts || inWalk ? "high" : "medium";
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span,
    location: `${fn.qualifiedName}.${local}`,
    confidence,
    singleThreaded: true,
    evidence: [
      aborts
        ? "the reference pool is switched off: the process aborts"
        : inWalk
          ? "before PyO3 0.19 the waiting change may be applied in the middle of a collection"
          : "the change of the count waits until some thread attaches",
    ],
    message: `${local} owns a Python object and is dropped ${attachment === "spawned" ? "in a thread that is not attached" : "while detached"}`,
    ...(aborts || inWalk ? { severity: "crash" as const } : {}),
  });
}

export const rule: RustRule = { metadata, find };
