// A traverse function leaves early when a counter of the object is zero, although slots may still hold references.
// Misses: loops up to a counter. Over-reports: counters that are zero only when every slot is empty.
import type { Hazard, NativeAccess, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { collectedTypes } from "../collector-slots.ts";
import { contains } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/traverse-depends-on-count",
  title: "Visits depend on a counter",
  severity: "leak",
  consequence: "References in slots that the counter no longer counts are not visited: cycles through them stay.",
  sources: ["docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_traverse"],
  since: "0.2.0",
  fixes: [{ title: "Visit every slot", cost: "low", detail: "Py_VISIT passes over NULL: go through all that is allocated." }],
};

function find(program: NativeProgram): Hazard[] {
  return collectedTypes(program).flatMap(({ traverse }) => {
    const counter = traverse && counterThatLeaves(traverse);
    if (traverse === undefined || counter === undefined) return [];
    return [
      draftNativeHazard(program, metadata, {
        fn: traverse,
        span: counter.span,
        location: counter.location,
        accesses: [{ span: counter.span, function: traverse.name, kind: "check", held: counter.held }],
        confidence: "low",
        singleThreaded: true,
        evidence: ["the function returns without a visit when the counter says so"],
        message: `${traverse.name} visits nothing when ${counter.location} is zero, whatever the slots still hold`,
      }),
    ];
  });
}

/** The number of the object itself that a branch tests and leaves by, before anything is visited. */
function counterThatLeaves({ branches, events }: NativeFunction): NativeAccess | undefined {
  const visit = events.find((event) => event.kind === "call" && /^(Py_VISIT|visit)$/.test(event.callee));
  if (visit === undefined) return undefined;
  const leaving = branches.filter(({ whenTrue, trueLeaves, test }) => trueLeaves && whenTrue.to <= visit.order && /==\s*0\b|^\(?\s*!/.test(test));
  return events.find(
    (event): event is NativeAccess =>
      event.kind === "access" &&
      event.holds === "number" &&
      event.base.root.kind === "parameter" &&
      event.base.root.index === 0 &&
      leaving.some(({ condition }) => contains(condition, event)),
  );
}

export const rule: NativeRule = { metadata, find };
