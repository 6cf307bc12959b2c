// An object is shown to the collector before its fields are set.
import { originKey } from "../../../vocabulary/index.ts";
import type { Hazard, NativeAccess, NativeCall, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { canFollow } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/track-before-init",
  title: "Tracked before it is complete",
  severity: "crash",
  consequence: "A collection that starts in between visits fields with whatever was in memory.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.PyObject_GC_Track (all fields followed by tp_traverse have to be valid)"],
  since: "0.2.0",
  fixes: [{ title: "Track last", cost: "low", detail: "Set every field, to NULL at least, then PyObject_GC_Track." }],
};

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) =>
      fn.events
        .filter((event): event is NativeCall => event.kind === "call" && event.callee === "PyObject_GC_Track")
        .flatMap((track) => {
          const late = lateStore(fn, track);
          return late === undefined ? [] : [report(program, fn, { track, late })];
        }),
    );
}

/** A reference stored into the object, made here without being zeroed, after it is tracked. */
function lateStore(fn: NativeFunction, track: NativeCall): NativeAccess | undefined {
  const [object] = track.arguments;
  if (object?.root.kind !== "fresh" || !isUnset(fn, object.root.call)) return undefined;
  const isOfObject = (event: NativeAccess): boolean => event.mode === "write" && event.holds === "object" && originKey(event.base) === originKey(object);
  const stores = fn.events.filter((event): event is NativeAccess => event.kind === "access" && isOfObject(event));
  const set = new Set(stores.filter(({ order }) => order < track.order).map(({ location }) => location));
  return stores.find((store) => store.order > track.order && canFollow(fn, track, store) && !set.has(store.location));
}

function isUnset({ events }: NativeFunction, order: number): boolean {
  const made = events[order];
  return made?.kind === "call" && /^_?PyObject_GC_New(Var)?$/.test(made.callee);
}

function report(program: NativeProgram, fn: NativeFunction, { track, late }: { readonly track: NativeCall; readonly late: NativeAccess }): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: track.span,
    location: late.location,
    accesses: [{ span: late.span, function: fn.name, kind: "write", held: late.held }],
    confidence: "high",
    singleThreaded: true,
    evidence: [`${late.location} is set only at line ${late.span.line}`, "PyObject_GC_New does not zero the memory"],
    message: `${track.text} shows the object to the collector before ${late.location} is set`,
  });
}

export const rule: NativeRule = { metadata, find };
