// tp_clear calls Python otherwise than by dropping references: it runs while a cycle is being taken apart, half of which is gone.
// Misses: calls through function pointers. Over-reports: none known.
import type { Hazard, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { collectedTypes } from "../collector-slots.ts";
import { callsOf } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/clear-calls-out",
  title: "Python called while a cycle is taken apart",
  severity: "crash",
  consequence: "The code that is called meets objects whose fields are NULL already, or brings them back to life.",
  sources: ["docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_clear", "PEP 442 (finalizers run before, in tp_finalize)"],
  since: "0.2.0",
  fixes: [{ title: "tp_finalize", cost: "low", detail: "Callbacks and messages belong in tp_finalize, which runs while all objects of the cycle are whole." }],
};

const callsPython =
  /^_?Py(Object_(Call\w*|Vectorcall\w*|[GS]etAttr\w*|RichCompare\w*|Repr|Str|Hash|GetIter|SetItem|GetItem|DelItem)|Run_\w+|Eval_\w+|Import_Import\w*|Iter_Next|Number_\w+|Sequence_\w+)$/;

function find(program: NativeProgram): Hazard[] {
  return collectedTypes(program).flatMap(({ clear }) => {
    const call = clear && callsOf(clear).find(({ callee, targets }) => targets.length === 0 && callsPython.test(callee));
    if (clear === undefined || call === undefined) return [];
    return [
      draftNativeHazard(program, metadata, {
        fn: clear,
        span: call.span,
        location: call.callee,
        accesses: [],
        confidence: "medium",
        singleThreaded: true,
        evidence: ["the collector calls it for each object of a cycle in turn"],
        message: `${clear.name} calls ${call.callee} while the collector takes a cycle apart`,
      }),
    ];
  });
}

export const rule: NativeRule = { metadata, find };
