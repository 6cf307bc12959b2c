// A traverse function leaves out a reference that the object owns: a field that clear or dealloc drops, or the heap type.
// Over-reports: fields that never hold an object of a cycle. Misses: fields nobody drops, which leak for another reason.
import type { Hazard, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { collectedTypes, dropping, fieldCalls, fieldKey, isFieldOfSelf, visiting } from "../collector-slots.ts";
import type { CollectedType } from "../collector-slots.ts";
import { holdsOnlyLeaves } from "../field-values.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/incomplete-traverse",
  title: "Traverse leaves out what the object owns",
  severity: "leak",
  consequence: "A cycle through that reference is never found: its objects are never freed.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.traverseproc", "docs.python.org/3/howto/isolating-extensions.html#tp-traverse (heap types, from 3.9)"],
  since: "0.2.0",
  fixes: [{ title: "Visit it", cost: "low", detail: "Py_VISIT for every owned reference, and Py_VISIT(Py_TYPE(self)) for types made from a spec." }],
};

function find(program: NativeProgram): Hazard[] {
  return collectedTypes(program).flatMap((type) => {
    const { traverse } = type;
    return traverse === undefined ? [] : [...missingFields(program, type, traverse), ...missingType(program, type, traverse)];
  });
}

function missingFields(program: NativeProgram, { clear, dealloc }: CollectedType, traverse: NativeFunction): Hazard[] {
  const visited = new Set(fieldCalls(program, traverse, visiting).map(({ field }) => fieldKey(field)));
  const owned = [clear, dealloc].flatMap((fn) => (fn === undefined ? [] : fieldCalls(program, fn, dropping).map((drop) => ({ ...drop, fn }))));
  const missing = owned.filter(({ field }) => isFieldOfSelf(field) && field.path.length === 1 && !visited.has(fieldKey(field)));
  const fields = new Map(missing.map((drop) => [fieldKey(drop.field), drop]));
  return [...fields.values()].flatMap(({ field, fn, call }) => {
    const location = locationOf(program, field.path.at(-1) ?? "", fn);
    if (holdsOnlyLeaves(program, location)) return [];
    return [
      draftNativeHazard(program, metadata, {
        fn: traverse,
        span: traverse.span,
        location,
        accesses: [],
        confidence: "medium",
        singleThreaded: true,
        evidence: [`${fn.name} drops it at line ${call.span.line}, so the object owns it`, `${traverse.name} does not visit it`],
        message: `${traverse.name} does not visit ${originText(fn, field)}: cycles through it are never freed`,
      }),
    ];
  });
}

/** "Struct.field", by an access in the function that drops it or in one it calls. */
function locationOf({ functions }: NativeProgram, field: string, { effects }: NativeFunction): string {
  return (
    effects.find(({ location }) => location.endsWith(`.${field}`))?.location ??
    functions.flatMap((fn) => fn.effects).find(({ location }) => location.endsWith(`.${field}`))?.location ??
    field
  );
}

function missingType(program: NativeProgram, { heap }: CollectedType, traverse: NativeFunction): Hazard[] {
  if (
    !heap ||
    fieldCalls(program, traverse, /^(Py_VISIT|visit|\w*tp_traverse)$/).some(({ call }) => /Py_TYPE|ob_type|tp_traverse|\b(tp|type)\b/.test(call.text))
  )
    return [];
  return [
    draftNativeHazard(program, metadata, {
      fn: traverse,
      span: traverse.span,
      location: "Py_TYPE",
      accesses: [],
      confidence: "medium",
      singleThreaded: true,
      evidence: ["the type is made from a spec, so instances hold a reference to it (from Python 3.9)"],
      message: `${traverse.name} does not visit the heap type of the object: the type and its module are never freed`,
    }),
  ];
}

export const rule: NativeRule = { metadata, find };
