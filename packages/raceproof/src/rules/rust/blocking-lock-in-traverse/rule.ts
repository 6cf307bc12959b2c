// `__traverse__` waits: for a lock, a channel, a thread.
// Misses: locks behind trait objects. Over-reports: a lock that only `__traverse__` takes.
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { findInTraversals } from "../traversals.ts";

const metadata: RuleMetadata = {
  id: "rust/blocking-lock-in-traverse",
  title: "Traverse waits for a lock",
  severity: "deadlock",
  consequence: "The collector has stopped the other threads, or holds the GIL they need; if one of them has the lock, the process hangs.",
  sources: [
    "pyo3.rs/latest/class/protocols.html#garbage-collector-integration",
    "pyo3.rs/latest/free-threading.html",
    "peps.python.org/pep-0703/#stop-the-world",
  ],
  since: "0.3.0",
  fixes: [{ title: "try_lock", cost: "low", detail: "`if let Ok(guard) = self.field.try_lock() { ... }`: what is locked is visited in the next collection." }],
};

function find(program: RustProgram): Hazard[] {
  return findInTraversals(program, {
    metadata,
    kinds: ["blocks"],
    wording: () => ({ does: "waits for another thread", because: "the thread it waits for may be stopped by this collection, or wait for the interpreter" }),
  });
}

export const rule: RustRule = { metadata, find };
