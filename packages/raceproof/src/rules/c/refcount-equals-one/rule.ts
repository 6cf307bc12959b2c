// A reference count is compared to know that nobody else has the object. Without the GIL counts are split between threads, and another thread can
// take a reference right after.
// Over-reports: counts that are only printed or checked in asserts are left out; other uses are reported whatever follows.
import type { Hazard, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf, contains } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";
import { isPrivateArgument } from "../private-argument.ts";

const metadata: RuleMetadata = {
  id: "c/refcount-equals-one",
  title: "Reference count taken for ownership",
  severity: "corruption",
  consequence: "An object is changed in place, or its memory reused, while another thread still has it.",
  sources: ["docs.python.org/3/c-api/object.html#c.PyUnstable_Object_IsUniquelyReferenced", "CPython gh-133140", "numpy #29649"],
  since: "0.2.0",
  fixes: [
    {
      title: "Ask for uniqueness",
      cost: "low",
      detail: "PyUnstable_Object_IsUniquelyReferenced (3.14; pythoncapi_compat.h), on an object one owns a reference to.",
    },
    { title: "Make a new object", cost: "low", detail: "Copy instead of changing in place." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) =>
      callsOf(fn)
        .filter((call) => call.callee === "Py_REFCNT" && fn.branches.some(({ condition }) => contains(condition, call)))
        .filter(({ arguments: [object] }) => object === undefined || !isPrivateArgument(fn, object))
        .map((call) =>
          draftNativeHazard(program, metadata, {
            fn,
            span: call.span,
            location: "Py_REFCNT",
            accesses: [],
            confidence: "medium",
            evidence: ["what follows depends on the count"],
            message: `${call.text} decides what happens: without the GIL it does not say that nobody else has the object`,
          }),
        ),
    );
}

export const rule: NativeRule = { metadata, find };
