// Python's API is called, or a reference counted, by a thread that has let go of the interpreter: between the macros, or in a helper only called there.
// Misses: threads that never were attached (callbacks of libraries). Over-reports: attaching by functions that are not seen.
import { attachingCalls, detachingCalls, effectOfCall } from "../../../models/index.ts";
import type {
  Hazard,
  NativeBoundary,
  NativeCall,
  NativeEvent,
  NativeFunction,
  NativeProgram,
  NativeRule,
  RuleMetadata,
  SourceSpan,
} from "../../../vocabulary/index.ts";
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

function find(program: NativeProgram): Hazard[] {
  const entered = enteredDetached(program);
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) => {
      const from = entered.get(fn.id);
      const call = fn.events.filter(touchesPython).find((event) => isDetached(program, { fn, from }, event));
      return call === undefined ? [] : [report(program, { fn, from }, call)];
    });
}

/** Python's API, a reference count, or letting go of what is let go of already. */
function touchesPython(event: NativeEvent): event is NativeCall | NativeBoundary {
  if (event.debugOnly) return false;
  if (event.kind === "open") return /^(Py_BEGIN_ALLOW_THREADS|PyEval_SaveThread)$/.test(event.macro);
  if (event.kind !== "call" || event.targets.length > 0 || !/^_?Py[A-Z_]\w*$/.test(event.callee) || allowed.test(event.callee)) return false;
  return effectOfCall(event.callee) !== "none" || /^(Py_X?(INCREF|NewRef)|PyMem_(?!Raw|Free)\w+|PyUnicode_[A-Z]\w*[a-z]\w*)$/.test(event.callee);
}

interface Within {
  readonly fn: NativeFunction;
  /** A call of the function by a detached thread. */
  readonly from: SourceSpan | undefined;
}

/** The innermost change of state before the event decides; calls of functions that do nothing but attach, or let go, count as what they do. */
function isDetached(program: NativeProgram, { fn, from }: Within, event: NativeEvent): boolean {
  const hold = event.held.findLast(({ kind }) => kind === "detached" || kind === "attached");
  if (hold?.kind === "attached" || (hold === undefined && from === undefined)) return false;
  const since = hold?.since ?? -1;
  const change = fn.events.findLast(
    (each) => each.order > since && each.order < event.order && changeBy(program, each) !== undefined && canFollow(fn, each, event),
  );
  return change === undefined || changeBy(program, change) === "detached";
}

function changeBy({ functions }: NativeProgram, event: NativeEvent): "attached" | "detached" | undefined {
  if (event.kind !== "call") return undefined;
  const changes = event.targets.flatMap((target) => functions[target]?.events.map(stateAfter).filter((each) => each !== undefined) ?? []);
  return changes.length % 2 === 1 ? changes.at(-1) : undefined;
}

function stateAfter(event: NativeEvent): "attached" | "detached" | undefined {
  const name = event.kind === "call" ? event.callee : event.kind === "open" || event.kind === "close" ? event.macro : "";
  return attachingCalls.has(name) ? "attached" : detachingCalls.has(name) ? "detached" : undefined;
}

/** Helpers of helpers. */
const deepest = 4;

/** Functions that a detached thread calls by name, with the call. */
function enteredDetached(program: NativeProgram): ReadonlyMap<number, SourceSpan> {
  const entered = new Map<number, SourceSpan>();
  let next: readonly NativeFunction[] = program.functions.filter(
    ({ generated, events }) => !generated && events.some(({ held }) => held.some(({ kind }) => kind === "detached")),
  );
  for (let depth = 0; depth < deepest && next.length > 0; depth++) {
    const found = next.flatMap((fn) =>
      callsOf(fn).flatMap((call) =>
        call.targets.length === 1 && isDetached(program, { fn, from: entered.get(fn.id) }, call) ? [{ call, target: call.targets[0] as number }] : [],
      ),
    );
    const fresh = found.filter(({ target }) => !entered.has(target) && program.functions[target]?.entries.length === 0);
    for (const { call, target } of fresh) entered.set(target, call.span);
    next = [...new Set(fresh.map(({ target }) => target))].map((target) => program.functions[target] as NativeFunction);
  }
  return entered;
}

function report(program: NativeProgram, { fn, from }: Within, event: NativeCall | NativeBoundary): Hazard {
  const hold = event.held.findLast(({ kind }) => kind === "detached");
  const name = event.kind === "call" ? event.callee : event.macro;
  return draftNativeHazard(program, metadata, {
    fn,
    span: event.span,
    location: name,
    accesses: [{ span: event.span, function: fn.name, kind: "call", held: event.held }],
    confidence: hold === undefined ? "medium" : "high",
    evidence: [
      hold === undefined && from !== undefined
        ? `a thread that has let go calls ${fn.name} (${from.file}:${from.line})`
        : `the thread lets go at line ${hold?.span.line}`,
      "nothing attaches it again before",
    ],
    message:
      event.kind === "call"
        ? `${name} is called while the thread is detached from the interpreter`
        : `${name} lets go of an interpreter that the thread does not have`,
  });
}

export const rule: NativeRule = { metadata, find };
