// Python's API is called, or a reference counted, by a thread that has let go of the interpreter: between the macros, or in a helper only called there.
// Misses: threads that never were attached (callbacks of libraries). Over-reports: attaching by functions that are not seen.
import { effectOfCall } from "../../../models/index.ts";
import type { Hazard, NativeCall, NativeEvent, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf, canFollow } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/python-while-detached",
  title: "Python called without the interpreter",
  severity: "crash",
  consequence: "The thread state is NULL, or another thread changes the same counts and lists: a crash at the call, or a corrupted heap later on.",
  sources: [
    "docs.python.org/3/c-api/init.html#releasing-the-gil-from-extension-code",
    "docs.python.org/3/c-api/memory.html (the object and mem domains need the GIL)",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "Call it after Py_END_ALLOW_THREADS",
      cost: "low",
      detail: "Keep the result in a local variable, attach, and only then set the error or build the object.",
    },
    { title: "Py_BLOCK_THREADS and Py_UNBLOCK_THREADS around it", cost: "low", detail: "They attach the thread for a moment within the span." },
  ],
};

/** Allowed without the interpreter: what attaches, what says so in its documentation, and text macros. */
const allowed =
  /^(PyMem_Raw\w+|PyGILState_\w+|PyEval_\w+|Py_(UN)?BLOCK_THREADS|PyThread_\w+|PyMutex_\w+|PyThreadState_\w+|PyInterpreterState_\w+|Py_(Is\w+|FatalError|Exit|AtExit|AddPendingCall|UNUSED|MIN|MAX|ABS|UNREACHABLE|CHARMASK|BEGIN_\w+|END_\w+|STRINGIFY|TRASHCAN\w*|VISIT)|_?PyTime_\w+|Py_?OS_\w+|PyOS_\w+|_?Py_atomic_\w+|PyErr_(SetInterrupt\w*|CheckSignals)|PyUnicode_(DATA|KIND|READ\w*|WRITE|GET_\w+)|Py\w+_(AS_\w+|GET_\w+|Check(Exact)?)|Py_(SIZE|TYPE|REFCNT))$/;

const attaching = /^(Py_BLOCK_THREADS|PyEval_(RestoreThread|AcquireThread)|PyGILState_Ensure|gil_scoped_acquire)$/;
const detaching = /^(Py_UNBLOCK_THREADS|PyEval_(SaveThread|ReleaseThread)|PyGILState_Release)$/;

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) => {
      const call = callsOf(fn).find((each) => touchesPython(each) && isDetached(program, fn, each));
      return call === undefined ? [] : [report(program, fn, call)];
    });
}

function touchesPython({ callee, targets }: NativeCall): boolean {
  return (
    targets.length === 0 &&
    /^_?Py[A-Z_]\w*$/.test(callee) &&
    !allowed.test(callee) &&
    (effectOfCall(callee) !== "none" || /^Py_X?(INCREF|NewRef)$/.test(callee))
  );
}

/** The innermost change of state before the call decides: a span, or a call that attaches or lets go. */
function isDetached(program: NativeProgram, fn: NativeFunction, call: NativeCall): boolean {
  const hold = [...fn.entryHeld, ...call.held].findLast(({ kind }) => kind === "detached");
  if (hold === undefined) return false;
  const change = fn.events.findLast(
    (event) => event.order > hold.since && event.order < call.order && changeBy(program, event) !== undefined && canFollow(fn, event, call),
  );
  return change === undefined || changeBy(program, change) === "detached";
}

/** Functions that do nothing but attach, or let go, count as what they do last. */
function changeBy({ functions }: NativeProgram, event: NativeEvent): "attached" | "detached" | undefined {
  const named = nameOf(event);
  if (named !== undefined) return named;
  if (event.kind !== "call") return undefined;
  const changes = event.targets.flatMap((target) => functions[target]?.events.map(nameOf).filter((each) => each !== undefined) ?? []);
  return changes.length % 2 === 1 ? changes.at(-1) : undefined;
}

function nameOf(event: NativeEvent): "attached" | "detached" | undefined {
  const name = event.kind === "call" ? event.callee : event.kind === "open" || event.kind === "close" ? event.macro : "";
  return attaching.test(name) ? "attached" : detaching.test(name) ? "detached" : undefined;
}

function report(program: NativeProgram, fn: NativeFunction, call: NativeCall): Hazard {
  const hold = [...fn.entryHeld, ...call.held].findLast(({ kind }) => kind === "detached");
  const inherited = hold !== undefined && hold.since < 0;
  return draftNativeHazard(program, metadata, {
    fn,
    span: call.span,
    location: call.callee,
    accesses: [{ span: call.span, function: fn.name, kind: "call", held: call.held }],
    confidence: "high",
    evidence: [
      inherited
        ? `every call of ${fn.name} comes from a thread that has let go (${hold.span.file}:${hold.span.line})`
        : `the thread lets go at line ${hold?.span.line}`,
      "nothing attaches it again before the call",
    ],
    message: `${call.callee} is called while the thread is detached from the interpreter`,
  });
}

export const rule: NativeRule = { metadata, find };
