// A traverse function visits more references than the object owns: one field twice, or the type of a static type's instance.
// Misses: references that are only borrowed.
import type { Hazard, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { collectedTypes, fieldCalls, isFieldOfSelf, visiting } from "../collector-slots.ts";
import type { FieldCall } from "../collector-slots.ts";
import { canFollow } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { originKey } from "../../../vocabulary/index.ts";

const metadata: RuleMetadata = {
  id: "c/repeated-visit",
  title: "Visited more often than owned",
  severity: "crash",
  consequence: "The collector counts more references inside the cycle than there are: it frees objects that are in use.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.traverseproc", "CPython Python/gc.c: visit_decref"],
  since: "0.2.0",
  fixes: [{ title: "Once per reference", cost: "low", detail: "One Py_VISIT for each reference the object owns, none for what it borrows." }],
};

function find(program: NativeProgram): Hazard[] {
  return collectedTypes(program).flatMap(({ traverse, heap }) => {
    if (traverse === undefined) return [];
    const visits = fieldCalls(program, traverse, visiting);
    const again = visits.filter((visit, index) => visits.slice(0, index).some((earlier) => isSame(traverse, earlier, visit)));
    const ofType = heap || isSharedByHeap(program, traverse) ? [] : visits.filter(({ call }) => /\bPy_TYPE\s*\(/.test(call.text));
    return [
      ...again.map((visit) => report(program, traverse, { visit, why: "it is visited before in the same traversal" })),
      ...ofType.map((visit) => report(program, traverse, { visit, why: "instances of a static type own no reference to it" })),
    ];
  });
}

function isSame(traverse: NativeFunction, earlier: FieldCall, visit: FieldCall): boolean {
  if (!isFieldOfSelf(visit.field) || visit.field.interior || visit.field.path.includes("[]") || originKey(earlier.field) !== originKey(visit.field))
    return false;
  return earlier.within.id !== visit.within.id || (earlier.within.id === traverse.id && canFollow(traverse, earlier.call, visit.call));
}

function isSharedByHeap({ heapTypeTables }: NativeProgram, { entries }: NativeFunction): boolean {
  return entries.some(({ table }) => heapTypeTables.has(table));
}

function report(program: NativeProgram, fn: NativeFunction, { visit, why }: { readonly visit: FieldCall; readonly why: string }): Hazard {
  return draftNativeHazard(program, metadata, {
    fn: visit.within,
    span: visit.call.span,
    location: visit.field.path.at(-1) ?? "Py_TYPE",
    accesses: [],
    confidence: "medium",
    singleThreaded: true,
    evidence: [why],
    message: `${fn.name} visits with ${visit.call.text} a reference that the object does not own`,
  });
}

export const rule: NativeRule = { metadata, find };
