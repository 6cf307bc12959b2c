// Methods that borrow the instance mutably: a second thread, or a callback, gets "Already borrowed".
// One finding per class. With the GIL only a method that lets go of the interpreter, or runs Python, can be met in its middle.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, pythonRunBy } from "../attached-calls.ts";
import { pythonClassesOf } from "../python-classes.ts";
import { draftRustHazard, reachOf } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/mut-self-method",
  title: "Method that borrows the instance mutably",
  severity: "wrong-answer",
  consequence: "A call that meets another one in its middle raises RuntimeError: Already borrowed. Without the GIL two threads are enough.",
  sources: ["pyo3.rs/latest/class/thread-safety.html", "pyo3.rs/latest/free-threading.html"],
  since: "0.3.0",
  fixes: [{ title: "Frozen, with atomics or a lock", cost: "medium", detail: "Make the class frozen and keep what changes in an atomic or a Mutex." }],
};

/** Made, cleared and compared by the interpreter before or after anybody shares the instance. */
const unshared: ReadonlySet<string> = new Set(["__new__", "__init__", "__clear__", "__traverse__", "__setstate__"]);

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap(({ struct, functions, attribute }) => {
    const methods = functions.filter((fn) => fn.exposed === "method" && !unshared.has(fn.name) && borrowsMutably(fn));
    const [first] = methods;
    if (attribute.arguments.has("unsendable") || first === undefined) return [];
    const met = methods.flatMap((fn) => {
      const call = meeting(program, fn);
      return call === undefined ? [] : [{ fn, call }];
    });
    return [report(program, struct.name, met[0] ?? { fn: first }, methods)];
  });
}

function borrowsMutably({ parameters }: RustFunction): boolean {
  const self = parameters.find(({ name }) => name === "self")?.type ?? parameters.find(({ type }) => type.name === "PyRefMut")?.type;
  return self !== undefined && ((self.name === "&" && self.mutable) || self.name === "PyRefMut");
}

/** The call in whose middle another one can come. */
function meeting(program: RustProgram, fn: RustFunction): RustCall | undefined {
  return callsOf(fn).find((call) => /^(?:detach|allow_threads)$/.test(call.name) || pythonRunBy(program, fn, call) === "anything");
}

function report(
  program: RustProgram,
  cls: string,
  { fn, call }: { readonly fn: RustFunction; readonly call?: RustCall },
  methods: readonly RustFunction[],
): Hazard {
  const confidence: Confidence = call !== undefined || reachOf(program, fn.crate) === "live" ? "medium" : "low";
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call?.span ?? fn.span,
    location: `${cls}.${fn.name}`,
    accesses: methods.slice(0, 6).map(({ span, qualifiedName }) => ({ span, function: qualifiedName, kind: "update" })),
    confidence,
    singleThreaded: call !== undefined,
    evidence: [call === undefined ? "without the GIL a second thread meets it" : `${call.text} lets others run while the instance is borrowed`],
    message: `${fn.qualifiedName}${methods.length > 1 ? ` and ${methods.length - 1} more` : ""} borrows the instance mutably: a call that meets it raises "Already borrowed"`,
  });
}

export const rule: RustRule = { metadata, find };
