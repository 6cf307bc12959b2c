// A mutable borrow of an instance, or of a RefCell, is alive while Python code runs that may want it too.
// Borrows by the receiver itself are mut-self-method's.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustGuard, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, placeName, pythonRunBy } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/borrow-across-python-call",
  title: "Borrow alive while Python code runs",
  severity: "wrong-answer",
  consequence: "The Python code comes back to the same object and the second borrow panics, or raises RuntimeError: Already borrowed.",
  sources: ["docs.rs/pyo3 pycell"],
  since: "0.3.0",
  fixes: [{ title: "A shorter borrow", cost: "low", detail: "Clone the callable out of the borrow, end it, then call." }],
};

const exclusive: ReadonlySet<string> = new Set(["refcell-mut", "pycell-mut"]);

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    return fn.guards.flatMap((guard, index) => {
      if (!exclusive.has(guard.kind)) return [];
      const call = callsOf(fn).find((each) => each.guards.includes(index) && pythonRunBy(program, fn, each) === "anything");
      return call === undefined ? [] : [report(program, fn, guard, call)];
    });
  });
}

function report(program: RustProgram, fn: RustFunction, guard: RustGuard, call: RustCall): Hazard {
  const place = placeName(fn, guard.place);
  const taken = fn.events[guard.from];
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: place === "" ? `${fn.qualifiedName}.${guard.local ?? "borrow"}` : place,
    accesses: [{ span: taken?.span ?? call.span, function: fn.qualifiedName, kind: "update" }],
    confidence: "medium",
    singleThreaded: true,
    evidence: ["the code that is called may come back to the same object"],
    message: `${guard.local ?? "a mutable borrow"} is alive while ${call.text} runs Python code`,
  });
}

export const rule: RustRule = { metadata, find };
