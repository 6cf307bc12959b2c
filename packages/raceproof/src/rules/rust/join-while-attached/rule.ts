// A thread that has the interpreter waits for another one, which needs the interpreter to go on.
// Misses: channels whose other end is in another crate.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { attachedFunctions, callsOf, isAttached } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/join-while-attached",
  title: "Waits for a thread while attached",
  severity: "deadlock",
  consequence:
    "The other thread waits for the interpreter, this one for the other thread: neither goes on. Without the GIL the collector waits for this thread to let go.",
  sources: ["docs.rs/pyo3 Python::detach", "pyo3.rs/latest/parallelism.html"],
  since: "0.3.0",
  fixes: [{ title: "Let go of the interpreter", cost: "low", detail: "Wait inside py.detach (allow_threads before 0.26)." }],
};

/** A lock is not meant: lock-held-over-python and blocking-lock-while-attached speak of those. */
const waiting =
  /^(?:join|recv|recv_timeout|recv_deadline|blocking_recv|blocking_send|wait|wait_while|wait_timeout|wait_timeout_while|block_on|block_in_place|park|scope|in_place_scope|install)$/;
/** They run their closures on other threads and wait for them. */
const parallel = /^(?:par_iter|par_iter_mut|into_par_iter|par_chunks|par_bridge)$/;

function find(program: RustProgram): Hazard[] {
  const attached = attachedFunctions(program);
  const crates = new Set(program.functions.filter((fn) => startsAttachingThread(fn)).map(({ crate }) => crate));
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    const waits = callsOf(fn).filter((call) => call.targets.length === 0 && isAttached(attached, fn, call) && isWait(call));
    const [first] = waits;
    const confidence = first && confidenceOf(fn, first, crates);
    return first === undefined || confidence === undefined ? [] : [report(program, fn, first, confidence)];
  });
}

function isWait({ name, effects, path, receiver, arguments: given }: RustCall): boolean {
  if (parallel.test(name)) return true;
  if (!waiting.test(name)) return false;
  if (name === "scope") return /(?:^|::)(?:thread|rayon|crossbeam)::/.test(path) || path === "scope";
  if (name === "install" || name === "in_place_scope") return receiver?.type.name === "ThreadPool" || given.some(({ closure }) => closure !== undefined);
  return effects.includes("blocks");
}

/** Something of this function, or of what it calls, runs on another thread and attaches there. */
function startsAttachingThread({ scopes, events }: RustFunction): boolean {
  return (
    scopes.some(({ otherThread, attachment, kind }) => otherThread && attachment === "attached" && kind === "closure") ||
    events.some((event) => {
      return event.kind === "call" && scopes[event.scope]?.otherThread === true && event.effects.includes("attaches");
    })
  );
}

function confidenceOf(fn: RustFunction, call: RustCall, crates: ReadonlySet<number>): Confidence | undefined {
  if (startsAttachingThread(fn) || closuresAttach(fn, call)) return "high";
  if (parallel.test(call.name) || call.name === "scope" || call.name === "install") return undefined;
  return crates.has(fn.crate) ? "medium" : "low";
}

function closuresAttach({ events, scopes }: RustFunction, { order, name }: RustCall): boolean {
  if (!parallel.test(name) && name !== "scope" && name !== "install") return false;
  return events.some((event) => event.order > order && event.kind === "call" && event.effects.includes("attaches") && scopes[event.scope]?.kind === "closure");
}

function report(program: RustProgram, fn: RustFunction, call: RustCall, confidence: Confidence): Hazard {
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: `${fn.qualifiedName}.${call.name}`,
    confidence,
    singleThreaded: true,
    evidence: [
      confidence === "high"
        ? "the thread it waits for attaches to the interpreter"
        : confidence === "medium"
          ? "threads of this crate attach to the interpreter"
          : "no thread of this crate is seen to attach",
    ],
    message: `${fn.qualifiedName} waits for another thread (${call.text}) with the interpreter in its hands`,
  });
}

export const rule: RustRule = { metadata, find };
