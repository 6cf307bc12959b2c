// A profile in which a panic ends the process, in a crate whose traversal may panic.
import type { Hazard, RuleMetadata, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftCrateHazard } from "../crate-hazard.ts";
import { placeOfFunction, traversals } from "../crate-practices.ts";

const metadata: RuleMetadata = {
  id: "cargo/panic-aborts",
  title: "A panic in a traversal ends the process",
  severity: "crash",
  consequence: "The process aborts in a garbage collection where it would only have stopped that collection.",
  sources: ["The Cargo book: profiles, panic", "PyO3 0.19: a panic in __traverse__ is caught and stops the walk"],
  since: "0.2.0",
  fixes: [{ title: 'panic = "unwind"', cost: "low", detail: "The default: PyO3 turns panics into errors." }],
};

function find(program: RustProgram): Hazard[] {
  return program.crates.flatMap((crate, index) => {
    const profile = program.cargo.packages
      .find(({ manifest }) => manifest === crate.manifest)
      ?.profiles.find(({ panic, name }) => panic === "abort" && name !== "test");
    if (profile === undefined || crate.pyo3 === undefined) return [];
    const met = traversals(program, index).filter(mayPanic).map(placeOfFunction);
    const [first] = met;
    if (first === undefined) return [];
    const message = `in the profile ${profile.name} a panic ends the process, and ${first.name} (${first.span.file}:${first.span.line}) may panic in a garbage collection`;
    return [
      draftCrateHazard(metadata, {
        crate,
        span: profile.span,
        about: `profile.${profile.name}`,
        met,
        confidence: "medium",
        reach: "single-threaded",
        evidence: [],
        message,
      }),
    ];
  });
}

/** To attach in a traversal is a panic too. */
function mayPanic({ effects }: RustFunction): boolean {
  return effects.some(({ kind }) => kind === "panics" || kind === "attaches");
}

export const rule: RustRule = { metadata, find };
