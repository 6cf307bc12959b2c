// A thread waits for a lock with the interpreter in its hands, and some holder of the lock needs the interpreter.
// The holder is another finding (lock-held-over-python); this one is everybody else who waits for that lock.
import type { Hazard, RuleMetadata, RustFunction, RustGuard, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { attachedFunctions, callsOf, isAttached, isLock, placeName, pythonRunBy, waitsDetached } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/blocking-lock-while-attached",
  title: "Waits for a lock while attached",
  severity: "deadlock",
  consequence: "The holder of the lock waits for the interpreter, and the thread that has the interpreter waits for the lock.",
  sources: ["docs.rs/pyo3 MutexExt", "pyo3.rs/latest/free-threading.html"],
  since: "0.3.0",
  fixes: [
    { title: "Wait without the interpreter", cost: "low", detail: "Use MutexExt::lock_py_attached (PyO3 0.24), RwLockExt (0.27), or lock inside py.detach." },
    { title: "No Python under the lock", cost: "medium", detail: "Let the holder call Python before or after it has the lock." },
  ],
};

interface Wait {
  readonly fn: RustFunction;
  readonly guard: RustGuard;
  readonly lock: string;
  /** It runs Python, or may attach, while it has the lock. */
  readonly runsPython: boolean;
}

function find(program: RustProgram): Hazard[] {
  const attached = attachedFunctions(program);
  const waits = program.functions.flatMap((fn) => (fn.testOnly ? [] : fn.guards.flatMap((guard, index) => waitOf(program, fn, guard, index))));
  return waits.flatMap((wait) => {
    const { fn, guard, lock, runsPython } = wait;
    const event = fn.events[guard.from];
    if (runsPython || guard.tries || event === undefined || waitsDetached(fn, guard) || !isAttached(attached, fn, event) || fn.name === "__traverse__")
      return [];
    const holder = waits.find((other) => other.runsPython && other.lock === lock && other.fn.crate === fn.crate && excludes(guard, other.guard));
    return holder === undefined ? [] : [report(program, wait, holder)];
  });
}

/** Readers wait for no reader; a writer that waits between them is the one to report. */
function excludes(one: RustGuard, other: RustGuard): boolean {
  return one.kind !== "rwlock-read" || other.kind !== "rwlock-read";
}

function waitOf(program: RustProgram, fn: RustFunction, guard: RustGuard, index: number): Wait[] {
  const lock = placeName(fn, guard.place);
  if (!isLock(guard) || lock === "") return [];
  const within = callsOf(fn).filter((call) => call.guards.includes(index));
  const runsPython = within.some((call) => call.effects.includes("attaches") || (pythonRunBy(program, fn, call) ?? "built-in") !== "built-in");
  return [{ fn, guard, lock, runsPython }];
}

function report(program: RustProgram, { fn, guard, lock }: Wait, holder: Wait): Hazard {
  const taken = fn.events[guard.from];
  const held = holder.fn.events[holder.guard.from];
  const span = taken?.span ?? fn.span;
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span,
    location: lock,
    accesses: [
      { span, function: fn.qualifiedName, kind: "call" },
      { span: held?.span ?? holder.fn.span, function: holder.fn.qualifiedName, kind: "call" },
    ],
    confidence: "medium",
    singleThreaded: true,
    evidence: [`${holder.fn.qualifiedName} runs Python while it has the lock`],
    message: `waits for ${lock} with the interpreter in its hands, and ${holder.fn.qualifiedName} needs the interpreter while it has the lock`,
  });
}

export const rule: RustRule = { metadata, find };
