// A field carries a marker that other operations take for its value, and code that can run Python or let other threads in runs before it is restored.
// A section does not close the window: it is suspended exactly then.
// Misses: markers that are not negative numbers. Over-reports: fields that nobody reads while marked.
import type { Hazard, NativeCall, NativeEffect, NativeFunction, NativeProgram, NativeRule, RuleMetadata, SourceSpan } from "../../../vocabulary/index.ts";
import { callsOf, canFollow, reasonOf } from "../event-order.ts";
import { markedFieldsOf } from "../marked-fields.ts";
import type { MarkedField } from "../marked-fields.ts";
import { accessOfEffect, draftNativeHazard } from "../native-hazard.ts";
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
  const fields = markedFieldsOf(program);
  return fields.length === 0
    ? []
    : program.functions.filter(({ id, generated }) => !generated && reached.has(id)).flatMap((fn) => fields.flatMap((field) => judge(program, fn, field)));
}

function judge(program: NativeProgram, fn: NativeFunction, field: MarkedField): Hazard[] {
  const marking = fn.effects.filter(
    ({ location, constant, mode, debugOnly }) =>
      location === field.location && mode === "write" && constant !== undefined && !debugOnly && constant.includes("-"),
  );
  const calls = callsOf(fn);
  const windows = marking.flatMap((mark) => {
    const start = eventOf(fn, mark);
    if (start === undefined) return [];
    const inside = calls.filter(
      (call) => call !== start && call.effect !== "none" && canFollow(fn, start, call) && call.order > start.order && !isRestored(fn, { field, start, call }),
    );
    const open = inside.find(({ effect }) => effect === "runs-python") ?? inside[0];
    return open === undefined ? [] : [{ mark, call: open }];
  });
  const [window] = windows;
  return window === undefined ? [] : [report(program, fn, { field, ...window })];
}

/** The event of the function behind an effect: the access itself, or the call that leads to it. */
function eventOf(fn: NativeFunction, { calls, span }: NativeEffect): NativeFunction["events"][number] | undefined {
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
  { field, start, call }: { readonly field: MarkedField; readonly start: NativeFunction["events"][number]; readonly call: NativeCall },
): boolean {
  return fn.effects.some((effect) => {
    if (effect.location !== field.location || effect.mode !== "write" || effect.constant !== undefined) return false;
    const event = eventOf(fn, effect);
    return (
      event !== undefined &&
      event.order > start.order &&
      event.order < call.order &&
      !fn.branches.some(({ whenTrue, trueLeaves }) => trueLeaves && whenTrue.from <= event.order && event.order < whenTrue.to)
    );
  });
}

function report(
  program: NativeProgram,
  fn: NativeFunction,
  { field, mark, call }: { readonly field: MarkedField; readonly mark: NativeEffect; readonly call: NativeCall },
): Hazard {
  const [restore] = field.restores;
  const inSection = call.held.some(({ kind }) => kind === "section");
  return draftNativeHazard(program, metadata, {
    fn,
    span: call.span,
    location: field.location,
    accesses: [accessOfEffect(program, mark), ...(restore ? [accessOfEffect(program, restore)] : [])],
    confidence: call.effect === "runs-python" ? "high" : "medium",
    singleThreaded: call.effect === "runs-python",
    evidence: [
      `${field.location} is set to ${mark.constant} (${mark.span.file}:${mark.span.line})`,
      reasonOf(call),
      ...(restore ? [`its value comes back only at ${restore.span.file}:${restore.span.line}`] : []),
      ...(inSection ? ["the critical section does not close the window: it is suspended meanwhile"] : []),
    ],
    message: `${call.callee} lets other code run while ${field.location} holds the marker ${mark.constant}`,
  });
}

export const rule: NativeRule = { metadata, find };
