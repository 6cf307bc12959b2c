// A reference to a Python object leaves the closure that attached, and ends outside.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustHolding, RustProgram, RustRule, RustType } from "../../../vocabulary/index.ts";
import { callsOf } from "../attached-calls.ts";
import { draftRustHazard, isBefore } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/returned-out-of-attach",
  title: "Reference returned out of attach and dropped",
  severity: "leak",
  consequence: "The count is changed later, by whoever attaches next; before PyO3 0.19 that could be the collector's walk, which then met freed memory.",
  sources: ["PyO3 #3165", "docs.rs/pyo3 Python::attach"],
  since: "0.3.0",
  fixes: [{ title: "End it inside", cost: "low", detail: "Use the object and let it go within the closure; return Rust values." }],
};

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly || fn.exposed !== undefined) return [];
    return callsOf(fn)
      .filter(
        (call) =>
          /^(?:with_gil|attach|try_attach)$/.test(call.name) && call.attachment !== "attached" && ownsPython(program, call.returns) && endsHere(fn, call),
      )
      .map((call) => report(program, fn, call));
  });
}

function ownsPython(program: RustProgram, { name, declaration, arguments: parts }: RustType): boolean {
  if (name === "&") return false;
  if (name === "Py" || name === "PyObject") return declaration === undefined;
  const holdings: readonly RustHolding[] = declaration === undefined ? [] : (program.structs[declaration]?.fields.flatMap((field) => field.holdings) ?? []);
  return holdings.length > 0 || parts.some((part) => ownsPython(program, part));
}

/** Thrown away at once, or in a variable that is dropped here. */
function endsHere({ events }: RustFunction, { use, order }: RustCall): boolean {
  if (use === "ignored") return true;
  return events.some(
    (event) =>
      event.kind === "drop" &&
      event.attachment !== "attached" &&
      event.order > order &&
      event.value.origin.root.kind === "call" &&
      event.value.origin.root.order === order,
  );
}

function report(program: RustProgram, fn: RustFunction, call: RustCall): Hazard {
  const inWalk = isBefore(program, fn.crate, "0.19.0");
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: `${fn.qualifiedName}.${call.name}`,
    confidence: inWalk ? "high" : "medium",
    singleThreaded: true,
    evidence: [
      inWalk ? "before PyO3 0.19 the waiting change may be applied in the middle of a collection" : "the change of the count waits until some thread attaches",
    ],
    message: `what ${call.name} returns owns a Python object and is dropped outside`,
    ...(inWalk ? { severity: "crash" as const } : {}),
  });
}

export const rule: RustRule = { metadata, find };
