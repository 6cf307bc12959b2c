// `__traverse__` may panic: unwrap, an index, a macro that panics.
// The unwrap of a lock's result is told by the rules about locks.
import type { Confidence, Hazard, RuleMetadata, RustEvent, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { withoutReferences } from "../../../vocabulary/index.ts";
import { isBefore } from "../rust-hazard.ts";
import { findInTraversals, isBehindAttach } from "../traversals.ts";

const metadata: RuleMetadata = {
  id: "rust/panic-in-traverse",
  title: "Traverse may panic",
  severity: "leak",
  consequence:
    "The walk stops there: what comes after is not visited, so the object and all it leads to are never collected. Before PyO3 0.19 the process aborts.",
  sources: ["PyO3 #3168", "pyo3.rs/latest/class/protocols.html#garbage-collector-integration"],
  since: "0.3.0",
  fixes: [{ title: "Handle the other case", cost: "low", detail: "`if let Some(x) = self.slots.get(i) { visit.call(x)?; }`." }],
};

function find(program: RustProgram): Hazard[] {
  return findInTraversals(program, {
    metadata,
    kinds: ["panics"],
    isMeant: (effect, event, fn) => event !== undefined && !isBehindAttach(fn, effect) && !cannotFail(event),
    wording: (crate) =>
      isBefore(program, crate, "0.19.0")
        ? { does: "may panic", because: "a panic cannot leave a function that C calls: the process aborts", severity: "crash" }
        : { does: "may panic", because: "the panic ends the walk, and what comes after is not visited" },
  }).map((hazard) => ({ ...hazard, confidence: confidenceOf(hazard) }));
}

const guardMethods: ReadonlySet<string> = new Set(["lock", "try_lock", "read", "write", "try_read", "try_write"]);

/** The result of a lock is told elsewhere; arrays have a fixed length that the compiler checks constants against. */
function cannotFail(event: RustEvent): boolean {
  if (event.kind === "call") return guardMethods.has(event.receiver?.origin.through.at(-1) ?? "");
  return event.kind === "operation" && event.operation === "index" && withoutReferences(event.operand.type).name === "[]";
}

/** An unwrap is somebody's conviction that it cannot fail. */
function confidenceOf({ confidence }: Hazard): Confidence {
  return confidence === "high" ? "medium" : confidence;
}

export const rule: RustRule = { metadata, find };
