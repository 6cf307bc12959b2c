// A field carries a marker that other operations take for its value, and code that can run Python or let other threads in runs before it is restored.
// A section does not close the window: it is suspended exactly then.
// Misses: markers that are not negative numbers. Over-reports: fields that nobody reads while marked.
import type {
  Hazard,
  NativeCall,
  NativeEffect,
  NativeEvent,
  NativeFunction,
  NativeProgram,
  NativeRule,
  RuleMetadata,
  SourceSpan,
} from "../../../vocabulary/index.ts";
import { callsOf, canFollow, reasonOf } from "../event-order.ts";
import { markedFieldsOf } from "../marked-fields.ts";
import type { MarkedField } from "../marked-fields.ts";
import { accessOfEffect, draftNativeHazard } from "../native-hazard.ts";
import type { NativeDraft } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/sentinel-window-across-callback",
  title: "Marker visible while other code runs",
  severity: "wrong-answer",
  consequence: "Lookups pass over the marked entry: a key that was never removed is missing, or is added a second time.",
  sources: ["an extension in C before it got critical sections: `hash = -1` while `__eq__` runs", "PEP 703: critical sections may be suspended"],
  since: "0.2.0",
  fixes: [
    { title: "Keep the marks outside the object", cost: "medium", detail: "A bitmap or set of indexes that belongs to the call." },
    {
      title: "Collect first, then call",
      cost: "medium",
      detail: "Copy what matches with references of one's own, restore the marks, and only then compare, build results or drop references.",
    },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  const functions = program.functions.filter(({ id, generated }) => !generated && reached.has(id));
  return markedFieldsOf(program).flatMap((field) => {
    const windows = functions.flatMap((fn) => windowIn(fn, field) ?? []);
    const open = new Set(windows.map(({ fn }) => fn.id));
    // A helper that returns with the mark in place is where it can be mended, once for all its callers.
    const leaving = field.marks.filter((mark) => !open.has(mark.function) && reached.has(mark.function));
    return [
      ...windows.map((window) => report(program, field, window)),
      ...leaving.flatMap((mark) => {
        const window = windowAbove(functions, field, mark);
        return window === undefined ? [] : [reportMarker(program, field, window)];
      }),
    ];
  });
}

interface Window {
  readonly fn: NativeFunction;
  readonly mark: NativeEffect;
  readonly call: NativeCall;
}

/** The function's first window. */
function windowIn(fn: NativeFunction, field: MarkedField): Window | undefined {
  const marking = fn.effects.filter(
    ({ location, constant, mode, debugOnly }) =>
      location === field.location && mode === "write" && constant !== undefined && !debugOnly && constant.includes("-"),
  );
  for (const mark of marking) {
    const start = eventOf(fn, mark);
    const call = start && !endsRestored(fn, field, start) && openCall(fn, { field, start });
    if (call) return { fn, mark, call };
  }
  return undefined;
}

/** A call that marks and restores: what runs in between is its own window. */
function endsRestored(fn: NativeFunction, field: MarkedField, start: NativeEvent): boolean {
  return fn.effects.some((effect) => isRestoring(effect, field) && eventOf(fn, effect) === start);
}

function isRestoring({ location, mode, constant }: NativeEffect, field: MarkedField): boolean {
  return location === field.location && mode === "write" && constant === undefined;
}

/** What lets others in while the mark that `start` sets is in place: best a call that runs Python. */
function openCall(fn: NativeFunction, { field, start }: { readonly field: MarkedField; readonly start: NativeEvent }): NativeCall | undefined {
  const inside = callsOf(fn).filter(
    (call) => call.effect !== "none" && call.order > start.order && canFollow(fn, start, call) && !isRestored(fn, { field, start, call }),
  );
  return inside.find(({ effect }) => effect === "runs-python") ?? inside[0];
}

/** Helpers that pass the mark on are few. */
const deepest = 4;

/** The nearest caller that lets others in after the function came back with the mark set. */
function windowAbove(functions: readonly NativeFunction[], field: MarkedField, mark: NativeEffect): Window | undefined {
  let inner = new Set([mark.function]);
  for (let depth = 0; depth < deepest && inner.size > 0; depth++) {
    const calls = functions.flatMap((fn) => callsOf(fn).flatMap((start) => (start.targets.some((target) => inner.has(target)) ? [{ fn, start }] : [])));
    for (const { fn, start } of calls) {
      const call = openCall(fn, { field, start });
      if (call) return { fn, mark, call };
    }
    inner = new Set(calls.map(({ fn }) => fn.id));
  }
  return undefined;
}

/** The event of the function behind an effect: the access itself, or the call that leads to it. */
function eventOf(fn: NativeFunction, { calls, span }: NativeEffect): NativeEvent | undefined {
  const place: SourceSpan = calls[0] ?? span;
  return fn.events.find(
    (event) =>
      (event.kind === "call" || event.kind === "access") &&
      event.span.file === place.file &&
      event.span.line === place.line &&
      event.span.column === place.column,
  );
}

function isRestored(
  fn: NativeFunction,
  { field, start, call }: { readonly field: MarkedField; readonly start: NativeEvent; readonly call: NativeCall },
): boolean {
  return fn.effects.some((effect) => {
    if (!isRestoring(effect, field)) return false;
    const event = eventOf(fn, effect);
    return (
      event !== undefined &&
      event.order > start.order &&
      event.order < call.order &&
      !fn.branches.some(({ whenTrue, trueLeaves }) => trueLeaves && whenTrue.from <= event.order && event.order < whenTrue.to)
    );
  });
}

function report(program: NativeProgram, field: MarkedField, { fn, mark, call }: Window): Hazard {
  const inSection = call.held.some(({ kind }) => kind === "section");
  return draftNativeHazard(program, metadata, {
    ...shared(program, field, { mark, call }),
    fn,
    span: call.span,
    evidence: [
      `${field.location} is set to ${mark.constant} (${mark.span.file}:${mark.span.line})`,
      reasonOf(call),
      ...restoredAt(field),
      ...(inSection ? ["the critical section does not close the window: it is suspended meanwhile"] : []),
    ],
    message: `${call.callee} lets other code run while ${field.location} holds the marker ${mark.constant}`,
  });
}

function reportMarker(program: NativeProgram, field: MarkedField, { fn: caller, mark, call }: Window): Hazard {
  const fn = program.functions[mark.function] as NativeFunction;
  return draftNativeHazard(program, metadata, {
    ...shared(program, field, { mark, call }),
    fn,
    span: mark.span,
    evidence: [`${caller.name} goes on with the mark in place: ${reasonOf(call)} (${call.span.file}:${call.span.line})`, ...restoredAt(field)],
    message: `${fn.name} returns with ${field.location} at the marker ${mark.constant}, and ${caller.name} then lets other code run`,
  });
}

function shared(
  program: NativeProgram,
  { location, restores }: MarkedField,
  { mark, call }: Pick<Window, "mark" | "call">,
): Pick<NativeDraft, "location" | "accesses" | "confidence" | "singleThreaded"> {
  const [restore] = restores;
  return {
    location,
    accesses: [accessOfEffect(program, mark), ...(restore ? [accessOfEffect(program, restore)] : [])],
    confidence: call.effect === "runs-python" ? "high" : "medium",
    singleThreaded: call.effect === "runs-python",
  };
}

function restoredAt({ restores: [restore] }: MarkedField): string[] {
  return restore ? [`its value comes back only at ${restore.span.file}:${restore.span.line}`] : [];
}

export const rule: NativeRule = { metadata, find };
