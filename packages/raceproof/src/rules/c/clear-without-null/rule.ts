// tp_clear drops a reference and leaves the field pointing at the object.
import type { Hazard, NativeEvent, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { collectedTypes, fieldCalls, fieldKey, isFieldOfSelf } from "../collector-slots.ts";
import type { FieldCall } from "../collector-slots.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/clear-without-null",
  title: "Cleared and still there",
  severity: "crash",
  consequence: "tp_dealloc drops the reference a second time, and methods that run meanwhile use a freed object.",
  sources: ["docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_clear", "docs.python.org/3/c-api/refcounting.html#c.Py_CLEAR"],
  since: "0.2.0",
  fixes: [{ title: "Py_CLEAR", cost: "low", detail: "It sets the field to NULL first and drops the reference then." }],
};

function find(program: NativeProgram): Hazard[] {
  return collectedTypes(program).flatMap(({ clear, dealloc }) => {
    if (clear === undefined) return [];
    const again = dealloc === undefined ? [] : fieldCalls(program, dealloc, /^Py_(X?DECREF|CLEAR)$/).map(({ field }) => fieldKey(field));
    return fieldCalls(program, clear, /^Py_X?DECREF$/)
      .filter((drop) => isFieldOfSelf(drop.field) && !isEmptied(drop))
      .map((drop) => report(program, clear, { drop, again: again.includes(fieldKey(drop.field)) }));
  });
}

/** The field is stored to around the drop: emptied before by way of a local variable, or right after. */
function isEmptied({ within, call, field }: FieldCall): boolean {
  const name = field.path.filter((step) => step !== "[]").at(-1);
  return within.events.some(
    (event: NativeEvent) =>
      event.kind === "access" &&
      event.mode === "write" &&
      event.location.replace("[]", "").endsWith(`.${name}`) &&
      Math.abs(event.span.line - call.span.line) <= nearby,
  );
}

/** Lines between taking a reference out of a field and dropping it. */
const nearby = 12;

function report(program: NativeProgram, clear: NativeFunction, { drop, again }: { readonly drop: FieldCall; readonly again: boolean }): Hazard {
  return draftNativeHazard(program, metadata, {
    fn: drop.within,
    span: drop.call.span,
    location: drop.field.path.at(-1) ?? "",
    accesses: [],
    confidence: again ? "high" : "medium",
    singleThreaded: true,
    evidence: [...(again ? ["tp_dealloc drops it again"] : []), "the field is not set to NULL"],
    message: `${clear.name} drops ${originText(clear, drop.field)} and leaves the pointer in place`,
  });
}

export const rule: NativeRule = { metadata, find };
