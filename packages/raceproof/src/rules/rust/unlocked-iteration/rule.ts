// A loop over a Python list, dict or set that others may change meanwhile.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, closuresOf, isWithin, pythonRunBy, pythonTypeOf } from "../attached-calls.ts";
import { draftRustHazard, reachOf } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/unlocked-iteration",
  title: "Loop over a container that others change",
  severity: "wrong-answer",
  consequence: "Elements are skipped or met twice; for a dict or set the loop panics when the size has changed.",
  sources: ["docs.rs/pyo3 PyListMethods::locked_for_each", "pyo3.rs/latest/free-threading.html"],
  since: "0.3.0",
  fixes: [
    { title: "One critical section", cost: "low", detail: "locked_for_each (PyO3 0.23.4), or with_critical_section around the loop." },
    { title: "A copy", cost: "low", detail: "Loop over dict.copy() or list.to_list()." },
  ],
};

const containers = /^Py(?:List|Dict|Set)$/;
/** keys(), values() and items() of a dict make a list in one step. */
const iterating = /^(?:iter|into_iter)$/;

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    const sections = new Set(
      callsOf(fn)
        .filter(({ name }) => name.startsWith("with_critical_section"))
        .flatMap((call) => [...closuresOf(call)]),
    );
    return callsOf(fn)
      .filter((call) => iterating.test(call.name) && containers.test(pythonTypeOf(call.receiver)) && isForeign(call) && !isWithin(fn, call.scope, sections))
      .map((call) => report(program, fn, call));
  });
}

/** It came from outside or is kept in the instance: nobody else has what the function has just made. */
function isForeign({ receiver }: RustCall): boolean {
  const kind = receiver?.origin.root.kind;
  return kind === "parameter" || kind === "self" || kind === "static";
}

function report(program: RustProgram, fn: RustFunction, call: RustCall): Hazard {
  const within = callsOf(fn).find((each) => each.order > call.order && fn.scopes[each.scope]?.kind === "loop" && pythonRunBy(program, fn, each) === "anything");
  // A list that changes gives other elements; a loop over a dict or set panics.
  const panics = pythonTypeOf(call.receiver) !== "PyList";
  const confidence: Confidence = within !== undefined || (panics && reachOf(program, fn.crate) === "live") ? "medium" : "low";
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: `${fn.qualifiedName}.${pythonTypeOf(call.receiver)}`,
    accesses: within === undefined ? [] : [{ span: within.span, function: fn.qualifiedName, kind: "call" }],
    confidence,
    singleThreaded: within !== undefined,
    evidence: [within === undefined ? "without the GIL another thread may change it meanwhile" : `${within.text} in the loop may change it`],
    message: `${call.text} is walked while others may change it`,
  });
}

export const rule: RustRule = { metadata, find };
