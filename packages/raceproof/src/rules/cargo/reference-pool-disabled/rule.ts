// The pool for references given up without the interpreter is switched off, so that dropping one there ends the process.
import type { Hazard, RuleMetadata, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftCrateHazard } from "../crate-hazard.ts";
import type { CratePlace } from "../crate-hazard.ts";
import { functionsOf, isDetached } from "../crate-practices.ts";

const metadata: RuleMetadata = {
  id: "cargo/reference-pool-disabled",
  title: "Dropping an object while detached aborts",
  severity: "crash",
  consequence: "The process aborts when a thread gives up a Python object without the interpreter.",
  sources: ["PyO3 guide: performance, pyo3_disable_reference_pool"],
  since: "0.2.0",
  fixes: [
    { title: "Give objects up while attached", cost: "medium", detail: "Move the drop into the part that holds the interpreter." },
    { title: "Keep the pool", cost: "low", detail: "Remove the flag." },
  ],
};

function find(program: RustProgram): Hazard[] {
  const flag = program.cargo.compilerFlags.find(({ name }) => name === "pyo3_disable_reference_pool");
  if (flag === undefined) return [];
  return program.crates.flatMap((crate, index) => {
    if (crate.pyo3 === undefined) return [];
    const met = functionsOf(program, index).flatMap(detachedDrops);
    const [first] = met;
    if (first === undefined) return [];
    const message = `without the pool the process aborts where ${first.name} (${first.span.file}:${first.span.line}) gives up a Python object while detached`;
    return [
      draftCrateHazard(metadata, { crate, span: flag.span, about: flag.name, met, confidence: "medium", reach: "single-threaded", evidence: [], message }),
    ];
  });
}

function detachedDrops(fn: RustFunction): CratePlace[] {
  const own = fn.effects.filter(({ kind, order }) => kind === "drops-python" && isDetached(fn.events[order]?.attachment ?? "either"));
  return own.map(({ span }) => ({ span, name: fn.qualifiedName }));
}

export const rule: RustRule = { metadata, find };
