// A once-cell of Rust is filled by code that uses Python.
// Misses: initializers of statics that a macro makes.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, closuresOf, fillsOnce, isWithin, placeName } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/once-initializer-runs-python",
  title: "Once-cell filled by Python code",
  severity: "deadlock",
  consequence: "The code that fills the cell lets go of the interpreter; a second thread takes it and waits for the cell, which waits for the interpreter.",
  sources: ["docs.rs/pyo3 PyOnceLock, OnceExt, OnceLockExt", "pyo3.rs/latest/free-threading.html#global-synchronization-and-once-initialization"],
  since: "0.3.0",
  fixes: [
    {
      title: "A cell that knows Python",
      cost: "low",
      detail: "Use PyOnceLock (GILOnceCell before 0.26), or OnceExt and OnceLockExt, which let go of the interpreter while they wait.",
    },
    { title: "Fill it outside", cost: "low", detail: "Make the value first and store it with set(), which does not wait." },
  ],
};

/** Types whose threads wait without the interpreter, or that one thread has alone. */
const aware: ReadonlySet<string> = new Set(["PyOnceLock", "GILOnceCell", "OnceCell", "LazyCell"]);

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    return callsOf(fn).flatMap((call) => {
      const confidence = isFilling(call) ? initializerRuns(fn, call) : undefined;
      return confidence === undefined ? [] : [report(program, fn, call, confidence)];
    });
  });
}

/** `once_cell::sync::OnceCell` waits, `std::cell::OnceCell` cannot be shared. */
function isFilling(call: RustCall): boolean {
  const { path, receiver } = call;
  const lazily = /(?:^|::)(?:LazyLock|Lazy)::new$/.test(path);
  if (!lazily && !fillsOnce(call)) return false;
  const type = receiver?.type.name === "&" ? receiver.type.arguments[0] : receiver?.type;
  return lazily || type === undefined || !aware.has(type.name) || type.path.includes("sync::OnceCell");
}

function initializerRuns(fn: RustFunction, call: RustCall): Confidence | undefined {
  const closures = closuresOf(call);
  const inside = callsOf(fn).filter(({ scope }) => isWithin(fn, scope, closures));
  if (inside.some(({ effects }) => effects.includes("attaches") || effects.includes("runs-python"))) return "high";
  return inside.some(({ effects }) => effects.includes("allocates-python")) ? "low" : undefined;
}

function report(program: RustProgram, fn: RustFunction, call: RustCall, confidence: Confidence): Hazard {
  const cell = call.receiver === undefined ? "" : placeName(fn, call.receiver.origin);
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: cell === "" ? `${fn.qualifiedName}.${call.name}` : cell,
    confidence,
    singleThreaded: true,
    evidence: [confidence === "high" ? "its initializer runs Python code or attaches" : "its initializer makes Python objects, which may start a collection"],
    message: `${cell === "" ? "a cell" : cell} is filled by code that uses Python, while other threads wait for it with the interpreter in their hands`,
  });
}

export const rule: RustRule = { metadata, find };
