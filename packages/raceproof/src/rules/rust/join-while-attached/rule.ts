// A thread that has the interpreter waits for another one, which needs the interpreter to go on.
// Misses: channels whose other end is in another crate.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { attachedFunctions, callsOf, isAttached } from "../attached-calls.ts";
import { detachCall } from "../detach-call.ts";
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
/** They run their closures on other threads and wait for them; crates wrap them: `maybe_par_iter`. */
const parallel = /^(?:\w+_)?par_(?:iter|iter_mut|bridge|chunks\w*)$/;

interface Wait {
  readonly fn: RustFunction;
  readonly call: RustCall;
  readonly confidence: Confidence;
  readonly evidence: string;
}

function find(program: RustProgram): Hazard[] {
  const attached = attachedFunctions(program);
  const crates = new Set(program.functions.filter((fn) => startsAttachingThread(fn)).map(({ crate }) => crate));
  const detached = detachedWaits(program);
  const waits = program.functions.flatMap((fn): Wait[] => {
    if (fn.testOnly) return [];
    const [first] = callsOf(fn).filter((call) => call.targets.length === 0 && isAttached(attached, fn, call) && isWait(call));
    const judged = first && judge(fn, first, { crates, detached });
    return judged === undefined || first === undefined ? [] : [{ fn, call: first, ...judged }];
  });
  return [...waits.filter((wait) => !isForCallers(wait)), ...waitsOfCallers(program, waits)].map((wait) => report(program, wait));
}

/** Where a crate lets go of the interpreter for a call, by crate and name. */
function detachedWaits({ functions }: RustProgram): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const fn of functions) {
    if (fn.testOnly) continue;
    for (const call of callsOf(fn)) if (call.attachment === "detached" && isWait(call)) found.set(`${fn.crate} ${call.name}`, fn.qualifiedName);
  }
  return found;
}

/** A function without a token waits for threads that attach: whoever calls it attached is where the interpreter is to be let go of. */
function isForCallers({ call, confidence }: Wait): boolean {
  return call.attachment === "either" && confidence === "high";
}

function waitsOfCallers({ functions }: RustProgram, waits: readonly Wait[]): Wait[] {
  const known = new Map(waits.filter(isForCallers).map(({ fn }) => [fn.id, fn.qualifiedName]));
  if (known.size === 0) return [];
  const callers = functions.flatMap((fn) => (fn.testOnly ? [] : callsOf(fn).flatMap((call) => call.targets.map((target) => ({ fn, call, target })))));
  const found = new Map<RustFunction, Wait>();
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const { fn, call, target } of callers) {
      const reached = known.get(target);
      if (reached === undefined || fn.scopes[call.scope]?.otherThread === true) continue;
      if (call.attachment === "either") known.set(fn.id, reached);
      else if (call.attachment === "attached" && !found.has(fn))
        found.set(fn, { fn, call, confidence: "high", evidence: `${reached} waits for threads that attach` });
    }
  }
  return [...found.values()];
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

interface Crates {
  /** With threads that attach. */
  readonly crates: ReadonlySet<number>;
  readonly detached: ReadonlyMap<string, string>;
}

function judge(fn: RustFunction, call: RustCall, { crates, detached }: Crates): Pick<Wait, "confidence" | "evidence"> | undefined {
  if (startsAttachingThread(fn) || closuresAttach(fn, call)) return { confidence: "high", evidence: "the thread it waits for attaches to the interpreter" };
  if (parallel.test(call.name) || call.name === "scope" || call.name === "install") return undefined;
  if (crates.has(fn.crate)) return { confidence: "medium", evidence: "threads of this crate attach to the interpreter" };
  const other = detached.get(`${fn.crate} ${call.name}`);
  if (other !== undefined) return { confidence: "medium", evidence: `${other} lets go of the interpreter for ${call.name}` };
  return { confidence: "low", evidence: "no thread of this crate is seen to attach" };
}

function closuresAttach({ events, scopes }: RustFunction, { order, name }: RustCall): boolean {
  if (!parallel.test(name) && name !== "scope" && name !== "install") return false;
  return events.some((event) => event.order > order && event.kind === "call" && event.effects.includes("attaches") && scopes[event.scope]?.kind === "closure");
}

function report(program: RustProgram, { fn, call, confidence, evidence }: Wait): Hazard {
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: `${fn.qualifiedName}.${call.name}`,
    confidence,
    singleThreaded: true,
    evidence: [evidence],
    message: `${fn.qualifiedName} waits for another thread (${call.text}) with the interpreter in its hands`,
  });
}

export const rule: RustRule = { metadata, find, propose: detachCall };
