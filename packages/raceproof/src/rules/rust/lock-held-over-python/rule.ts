// A Rust lock is held while Python code runs.
// The code may want the same lock, or let another thread have the interpreter that waits for the lock with it.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustFunction, RustGuard, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { attachedFunctions, callsOf, isAttached, isLock, placeName, pythonRunBy, type PythonRun, waitsDetached } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/lock-held-over-python",
  title: "Lock held while Python code runs",
  severity: "deadlock",
  consequence:
    "The Python code lets go of the interpreter; another thread takes it and waits for the lock, which is never released. Code that comes back to the same lock waits for itself.",
  sources: ["pyo3.rs/latest/free-threading.html#global-synchronization-and-once-initialization", "docs.rs/pyo3 MutexExt"],
  since: "0.3.0",
  fixes: [
    {
      title: "Copy, unlock, call",
      cost: "low",
      detail: "Take what is needed out of the lock, let go of it, then call Python; lock again to store the result.",
    },
    {
      title: "Wait without the interpreter",
      cost: "medium",
      detail: "MutexExt::lock_py_attached lets go of the interpreter while it waits; code that comes back to the same lock still waits for itself.",
    },
  ],
};

const confidenceOf: Readonly<Record<PythonRun, Confidence>> = { anything: "high", "special-method": "medium", "built-in": "low" };
const strongest: readonly PythonRun[] = ["anything", "special-method", "built-in"];

function find(program: RustProgram): Hazard[] {
  const attached = attachedFunctions(program);
  const written = writtenLocks(program);
  return program.functions.flatMap((fn) => {
    if (fn.testOnly || fn.name === "__traverse__") return [];
    return fn.guards.flatMap((guard, index) => {
      if (!isLock(guard)) return [];
      const within = callsOf(fn).filter((call) => call.guards.includes(index) && isAttached(attached, fn, call));
      const runs = within.flatMap((call) => {
        const run = pythonRunBy(program, fn, call);
        return run === undefined ? [] : [{ call, run }];
      });
      const worst = strongest.flatMap((run) => runs.filter((each) => each.run === run))[0];
      const contended = guard.kind !== "rwlock-read" || written.has(`${fn.crate} ${placeName(fn, guard.place)}`);
      return worst === undefined ? [] : [report(program, fn, guard, { ...worst, contended })];
    });
  });
}

/** Locks that somebody takes for writing, by crate and name: readers alone wait for nobody. */
function writtenLocks({ functions }: RustProgram): ReadonlySet<string> {
  const writing = functions.flatMap((fn) => fn.guards.filter(({ kind }) => kind === "rwlock-write").map(({ place }) => `${fn.crate} ${placeName(fn, place)}`));
  return new Set(writing);
}

interface Run {
  readonly call: RustCall;
  readonly run: PythonRun;
  /** Somebody may have to wait for the lock. */
  readonly contended: boolean;
}

function report(program: RustProgram, fn: RustFunction, guard: RustGuard, { call, run, contended }: Run): Hazard {
  const taken = fn.events[guard.from];
  const lock = placeName(fn, guard.place);
  const isAware = waitsDetached(fn, guard);
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: lock,
    accesses: [
      { span: taken?.span ?? call.span, function: fn.qualifiedName, kind: "write" },
      { span: call.span, function: fn.qualifiedName, kind: "call", held: [lock] },
    ],
    // Whoever waits without the interpreter leaves only the way back to the same lock.
    confidence: isAware || guard.tries || !contended ? "low" : confidenceOf[run],
    singleThreaded: true,
    evidence: [
      isAware
        ? "waiting threads let go of the interpreter, but code that comes back to the lock waits for itself"
        : contended
          ? "threads wait for the lock with the interpreter in their hands"
          : "readers share it, and nobody is seen to take it for writing",
      ...(run === "built-in" ? ["only objects of built-in types are known to be touched"] : []),
    ],
    message: `${lock} is held while ${call.text} runs Python code`,
  });
}

export const rule: RustRule = { metadata, find };
