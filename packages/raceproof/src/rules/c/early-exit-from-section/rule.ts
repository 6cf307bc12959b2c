// Ways out of a critical section that skip its end: return, goto to a label outside, break or continue of a loop around it.
// Misses: exits hidden in macros of headers outside the project; C++ exceptions.
import type { Hazard, NativeFunction, NativeHold, NativeJump, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/early-exit-from-section",
  title: "Way out of a section that skips its end",
  severity: "deadlock",
  consequence:
    "The object stays locked and the thread's list of sections points into a frame that is gone: other threads wait for ever, or the interpreter crashes.",
  sources: ["an extension in C before it got critical sections", "docs.python.org/3/c-api/init.html#c.Py_BEGIN_CRITICAL_SECTION", "CPython gh-145487 (review)"],
  since: "0.2.0",
  fixes: [
    {
      title: "Set a result and leave after the end",
      cost: "low",
      detail: "Assign the value, `goto` a label inside the section right before its end (with a statement after the label), return behind it.",
    },
    { title: "Body in a function of its own", cost: "low", detail: "The section calls `name_lock_held(...)`, which returns wherever it likes." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) =>
      fn.events.flatMap((event) => {
        if (event.kind !== "return" && event.kind !== "goto" && event.kind !== "break" && event.kind !== "continue") return [];
        const attached = event.held.findLastIndex(({ kind }) => kind === "attached");
        const left = event.held.find((hold, index) => isOpened(fn, hold) && (hold.kind === "section" || index > attached) && leaves(fn, event, hold));
        return left === undefined ? [] : [report(program, fn, { jump: event, left })];
      }),
    );
}

/** By a macro or a call: guards of C++ end by themselves. A thread that got the interpreter back before it leaves has done its part. */
function isOpened({ events }: NativeFunction, { kind, since }: NativeHold): boolean {
  return (kind === "section" || kind === "detached") && events.some((event) => event.kind === "open" && event.order === since);
}

function leaves({ events }: NativeFunction, jump: NativeJump, { since }: NativeHold): boolean {
  if (jump.kind === "return") return true;
  if (jump.kind !== "goto") return jump.within <= since;
  const label = events.find((event) => event.kind === "label" && event.label === jump.label);
  return label !== undefined && !label.held.some((hold) => hold.since === since);
}

function report(program: NativeProgram, fn: NativeFunction, { jump, left }: { readonly jump: NativeJump; readonly left: NativeHold }): Hazard {
  const detached = left.kind === "detached";
  const way = jump.kind === "goto" ? `goto ${jump.label}` : jump.kind;
  return draftNativeHazard(program, metadata, {
    fn,
    span: jump.span,
    location: detached ? "Py_BEGIN_ALLOW_THREADS" : "Py_BEGIN_CRITICAL_SECTION",
    accesses: [],
    confidence: "high",
    evidence: [`the section is opened at line ${left.span.line} and not ended on this way out`],
    message: detached
      ? `${way} leaves the span of line ${left.span.line} while the thread is detached: its caller goes on without the interpreter`
      : `${way} leaves the critical section of line ${left.span.line} without ending it: the lock stays held`,
  });
}

export const rule: NativeRule = { metadata, find };
