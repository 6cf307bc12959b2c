// A critical section inside another one: the inner one lets go of the outer.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, closuresOf, isWithin } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/nested-critical-section",
  title: "Nested critical sections",
  severity: "wrong-answer",
  consequence: "To avoid deadlocks the interpreter may let go of the outer section while the inner one waits: what was read before may be stale.",
  sources: ["docs.python.org/3/c-api/init.html#python-critical-section-api", "PEP 703"],
  since: "0.3.0",
  fixes: [{ title: "One section for both", cost: "low", detail: "with_critical_section2 takes both objects at once." }],
};

const sections = /^with_critical_section2?$/;

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    const opened = callsOf(fn).filter(({ name }) => sections.test(name));
    return opened.flatMap((outer) => {
      const scopes = closuresOf(outer);
      return opened.filter((inner) => inner !== outer && isWithin(fn, inner.scope, scopes)).map((inner) => report(program, fn, outer, inner));
    });
  });
}

function report(program: RustProgram, fn: RustFunction, outer: RustCall, inner: RustCall): Hazard {
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: inner.span,
    location: `${fn.qualifiedName}.${inner.name}`,
    accesses: [{ span: outer.span, function: fn.qualifiedName, kind: "call" }],
    confidence: "medium",
    evidence: ["entering the inner section may suspend the outer one"],
    message: "the outer critical section may be suspended while the inner one is entered",
  });
}

export const rule: RustRule = { metadata, find };
