// `__traverse__` changes the object, or borrows it mutably: the collector may come while somebody else has it.
// Misses: counters in atomics, which nobody but the author reads, are left alone on purpose.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { findInTraversals } from "../traversals.ts";

const metadata: RuleMetadata = {
  id: "rust/mutation-in-traverse",
  title: "Traverse changes the object",
  severity: "wrong-answer",
  consequence:
    "The collector comes at any moment, also in the middle of a method: the borrow panics and the walk stops, or the method goes on with other contents than it left.",
  sources: ["pyo3.rs/latest/class/protocols.html#garbage-collector-integration", "PyO3 #855", "PyO3 #4479"],
  since: "0.3.0",
  fixes: [{ title: "Only read", cost: "low", detail: "Use `try_borrow` and skip what is borrowed: the object is visited again in the next collection." }],
};

function find(program: RustProgram): Hazard[] {
  return findInTraversals(program, {
    metadata,
    kinds: ["mutates", "borrows-mutably"],
    // What lets go of references is told by the rule about drops.
    isMeant: (effect, event, fn) =>
      !fn.effects.some(({ kind, span }) => kind === "drops-python" && span === effect.span) &&
      (effect.place.root.kind !== "none" || effect.kind === "borrows-mutably") &&
      !(event?.kind === "call" && event.receiver?.type.name.startsWith("Atomic") === true),
    wording: () => ({ does: "changes what it should only look at", because: "the collector may come while a method has the object half changed, or borrowed" }),
  });
}

export const rule: RustRule = { metadata, find };
