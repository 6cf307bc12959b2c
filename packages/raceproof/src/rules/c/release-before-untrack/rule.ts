// tp_dealloc gives fields up while the collector, or weak references, can still reach the object.
// Misses: objects that are untracked by a base.
import type { Hazard, NativeCall, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { collectedTypes, dropping, fieldCalls, isFieldOfSelf } from "../collector-slots.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/release-before-untrack",
  title: "Taken apart while still reachable",
  severity: "crash",
  consequence: "Dropping a field runs code, that code starts a collection or follows a weak reference, and meets the half-freed object.",
  sources: [
    "docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_dealloc (PyObject_GC_UnTrack before any member is cleared)",
    "docs.python.org/3/extending/newtypes.html#weak-reference-support",
  ],
  since: "0.2.0",
  fixes: [{ title: "First of all", cost: "low", detail: "PyObject_GC_UnTrack(self), then PyObject_ClearWeakRefs(self), then the fields." }],
};

const steps = [
  { callee: /^_?PyObject_GC_Un[Tt]rack$/, reach: "the collector still knows the object" },
  { callee: /^PyObject_ClearWeakRefs$/, reach: "weak references still lead to the object" },
] as const;

function find(program: NativeProgram): Hazard[] {
  return collectedTypes(program).flatMap(({ dealloc }) => (dealloc === undefined ? [] : steps.flatMap((step) => tooLate(program, dealloc, step))));
}

function tooLate(program: NativeProgram, dealloc: NativeFunction, { callee, reach }: (typeof steps)[number]): Hazard[] {
  const calls = dealloc.events.filter((event): event is NativeCall => event.kind === "call" && !event.debugOnly);
  const last = calls.findLast((call) => callee.test(call.callee));
  const first = calls.find((call) => callee.test(call.callee));
  if (last === undefined || first === undefined) return [];
  const early = calls.find((call) => call.order < first.order && dropsField(program, dealloc, call));
  if (early === undefined) return [];
  return [
    draftNativeHazard(program, metadata, {
      fn: dealloc,
      span: early.span,
      location: last.callee,
      accesses: [],
      confidence: "high",
      singleThreaded: true,
      evidence: [`${reach} until line ${first.span.line}`],
      message: `${dealloc.name} gives up a field with ${early.text} before ${first.callee}: ${reach}`,
    }),
  ];
}

function dropsField(program: NativeProgram, dealloc: NativeFunction, call: NativeCall): boolean {
  const own = fieldCalls(program, { ...dealloc, events: [call] }, dropping);
  return own.some(({ field }) => isFieldOfSelf(field));
}

export const rule: NativeRule = { metadata, find };
