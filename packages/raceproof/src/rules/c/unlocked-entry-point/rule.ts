// Entry points of an extension that touch an object's contended memory without its section or any lock.
// Misses: state reached only through calls that are not resolved. Over-reports: types whose instances never leave one thread.
import { takesTwoObjects } from "../../../models/index.ts";
import type { Confidence, Hazard, NativeEffect, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard, originText } from "../native-hazard.ts";
import { isOrdinary, nativeIndexOf } from "../native-index.ts";
import type { NativeIndex } from "../native-index.ts";
import { propose } from "./fix.ts";
import { isOwn, isSuspect } from "./touched.ts";

const metadata: RuleMetadata = {
  id: "c/unlocked-entry-point",
  title: "Entry point without a lock",
  severity: "crash",
  consequence: "Two threads that use one object at the same time read freed memory, lose updates or crash the interpreter.",
  sources: [
    "an extension in C before it got critical sections",
    "docs.python.org/3/howto/free-threading-extensions.html#thread-safety-of-the-c-api",
    "RacerD: unprotected write",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "A critical section around the whole entry point",
      cost: "medium",
      detail:
        "Py_BEGIN_CRITICAL_SECTION(self) in a wrapper, the old body in a function of its own that returns as before; two objects take Py_BEGIN_CRITICAL_SECTION2.",
    },
    { title: "Do not declare that the module runs without the GIL", cost: "low", detail: "Leave Py_mod_gil out until the entry points are locked." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const index = nativeIndexOf(program);
  return program.functions.filter((fn) => !fn.generated && isOrdinary(fn, true)).flatMap((fn) => judge(program, index, fn));
}

function judge(program: NativeProgram, index: NativeIndex, fn: NativeFunction): Hazard[] {
  const touched = fn.effects.filter((effect) => isSuspect(index, effect) && isOwn(fn, effect) && !isTestOfPointer(program, effect));
  const worst = touched.toSorted((a, b) => weightOf(b) - weightOf(a) || a.calls.length - b.calls.length)[0];
  if (worst === undefined) return [];
  const asDispatcher = isDispatcher(fn, touched) ? ["it only picks the function for the operand that is its own: the lock belongs there"] : [];
  const other = index.contended.get(worst.location);
  const slots = fn.entries.map(({ kind, name }) => `${kind} ${name}`);
  return [
    draftNativeHazard(program, metadata, {
      fn,
      span: fn.span,
      location: worst.location,
      accesses: [accessOfEffect(program, worst), ...(other ? [accessOfEffect(program, other)] : [])],
      confidence: confidenceOf(worst, touched, asDispatcher),
      severity: isMemory(worst) ? "crash" : worst.mode === "read" ? "wrong-answer" : "corruption",
      evidence: [
        ...asDispatcher,
        `Python calls it as ${slots.join(", ")}`,
        `it ${worst.mode === "read" ? "reads" : "changes"} ${originText(fn, worst.base)}'s ${worst.location} without a section or lock${wayTo(worst)}`,
        ...(other ? [`${program.functions[other.function]?.name} changes it at ${other.span.file}:${other.span.line}`] : []),
        ...(program.declaresFreeThreading
          ? [`the module declares that it runs without the GIL (${program.declaresFreeThreading.file}:${program.declaresFreeThreading.line})`]
          : []),
      ],
      message: `${fn.name} (${slots.join(", ")}) touches ${worst.location} with no critical section: another thread may ${other?.mode === "free" ? "free" : "change"} it meanwhile`,
    }),
  ];
}

/** Whether a pointer is set is one word; what matters is what is done with it. */
function isTestOfPointer({ functions, excerptOf }: NativeProgram, effect: NativeEffect): boolean {
  if (effect.mode !== "read" || !isMemory(effect)) return false;
  const reads = functions[effect.function]?.events.filter((event) => event.kind === "access" && event.location === effect.location && event.held.length === 0);
  return (reads ?? []).every(({ span, text }) => {
    const [before = "", after = "", ...more] = excerptOf(span).split(text);
    return more.length === 0 && (/!\s*$/.test(before) || /^\s*[!=]=\s*(NULL|nullptr|0)\b/.test(after) || (/\bif\s*\($/.test(before) && after.startsWith(")")));
  });
}

function isMemory({ holds, mode }: NativeEffect): boolean {
  return mode === "free" || holds === "pointer" || holds === "object";
}

function weightOf(effect: NativeEffect): number {
  return (isMemory(effect) ? 2 : 0) + (effect.mode === "read" ? 0 : 1);
}

function confidenceOf(worst: NativeEffect, touched: readonly NativeEffect[], excuses: readonly string[]): Confidence {
  if (excuses.length > 0) return "low";
  return isMemory(worst) || touched.some(({ mode }) => mode !== "read") ? "high" : "medium";
}

function wayTo({ calls, span }: NativeEffect): string {
  return calls.length === 0 ? "" : ` (at ${span.file}:${span.line}, ${calls.length} ${calls.length === 1 ? "call" : "calls"} down)`;
}

/** A slot for either operand that only picks the function for the one that is ours: the work, and the lock, belong there. */
function isDispatcher(fn: NativeFunction, touched: readonly NativeEffect[]): boolean {
  if (!fn.entries.every(({ kind, name }) => kind === "slot" && name.startsWith("nb_") && takesTwoObjects(name))) return false;
  const first = new Set(touched.map(({ calls }) => (calls[0] ? `${calls[0].file}:${calls[0].line}:${calls[0].column}` : "own")));
  if (first.has("own")) return false;
  const handed = fn.events.filter(
    (event) => event.kind === "call" && event.targets.length > 0 && first.has(`${event.span.file}:${event.span.line}:${event.span.column}`),
  );
  return handed.every((event) => fn.events.some((later) => later.order > event.order && later.order <= event.order + 1 && later.kind === "return"));
}

export const rule: NativeRule = { metadata, find, propose };
