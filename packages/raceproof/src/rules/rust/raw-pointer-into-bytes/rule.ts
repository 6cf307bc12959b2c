// A slice of a bytearray's memory is used while others can resize it.
// Misses: pointers that are passed on to other functions.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustEvent, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, pythonRunBy, pythonTypeOf } from "../attached-calls.ts";
import { draftRustHazard, reachOf } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/raw-pointer-into-bytes",
  title: "Slice of memory that can be resized",
  severity: "crash",
  consequence: "Another thread, or the Python code in between, resizes the bytearray: the slice points into freed memory.",
  sources: ["docs.rs/pyo3 PyByteArrayMethods::as_bytes (safety)"],
  since: "0.3.0",
  fixes: [
    { title: "A copy", cost: "low", detail: "to_vec() copies the bytes; use the copy while detached." },
    { title: "A section", cost: "medium", detail: "with_critical_section around the use, with no Python call inside." },
  ],
};

const pointing = /^(?:as_bytes|as_bytes_mut|data)$/;

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    return callsOf(fn)
      .filter(({ name, receiver, use }) => pointing.test(name) && pythonTypeOf(receiver) === "PyByteArray" && use !== "ignored")
      .map((call) => report(program, fn, call));
  });
}

/** What happens later in the function and lets others run. */
function chanceAfter(program: RustProgram, fn: RustFunction, { order }: RustCall): RustEvent | undefined {
  return callsOf(fn).find(
    (call) => call.order > order && (/^(?:detach|allow_threads)$/.test(call.name) || (pythonRunBy(program, fn, call) ?? "built-in") !== "built-in"),
  );
}

function report(program: RustProgram, fn: RustFunction, call: RustCall): Hazard {
  const chance = chanceAfter(program, fn, call);
  const confidence: Confidence = chance !== undefined ? "high" : reachOf(program, fn.crate) === "live" ? "medium" : "low";
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: `${fn.qualifiedName}.${call.name}`,
    accesses: chance === undefined ? [] : [{ span: chance.span, function: fn.qualifiedName, kind: "call" }],
    confidence,
    singleThreaded: chance !== undefined,
    evidence: [chance === undefined ? "without the GIL another thread may resize it meanwhile" : `${chance.text} lets others run`],
    message: `${call.text} points into memory that a resize frees`,
  });
}

export const rule: RustRule = { metadata, find };
