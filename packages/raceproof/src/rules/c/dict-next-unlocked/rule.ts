// PyDict_Next over a dict that other threads can change, without a section on that dict.
// Over-reports: dicts that one thread alone ever has.
import type { Hazard, NativeCall, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";
import { isProtected, nativeIndexOf } from "../native-index.ts";
import { isPrivateArgument } from "../private-argument.ts";

const metadata: RuleMetadata = {
  id: "c/dict-next-unlocked",
  title: "Dict walked without its section",
  severity: "crash",
  consequence: "Another thread resizes the dict during the walk: keys and values are borrowed from freed memory, entries are skipped or seen twice.",
  sources: [
    "docs.python.org/3/c-api/dict.html#c.PyDict_Next (must be protected by a critical section)",
    "CPython gh-145446, gh-145142",
    "an extension in C before it got critical sections",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "A critical section on the dict around the whole loop",
      cost: "low",
      detail: "Take references of one's own with Py_NewRef right after each step: calls in the loop may suspend the section.",
    },
    { title: "Walk a copy", cost: "low", detail: "PyDict_Copy or PyDict_Items first." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) =>
      fn.events
        .filter((event): event is NativeCall => event.kind === "call" && event.callee === "PyDict_Next" && !event.debugOnly)
        .filter(({ arguments: [dict], held }) => dict !== undefined && !isPrivateArgument(fn, dict) && !isProtected({ held, base: dict }, fn.entryHeld))
        .map((event) => {
          const dict = originText(fn, event.arguments[0] as NativeCall["arguments"][number]);
          return draftNativeHazard(program, metadata, {
            fn,
            span: event.span,
            location: dict,
            accesses: [{ span: event.span, function: fn.name, kind: "iterate", held: event.held }],
            confidence: "high",
            evidence: [`${dict} comes from outside this call`, "no section on it is held"],
            message: `${fn.name} walks ${dict} with PyDict_Next while another thread may change it`,
          });
        }),
    );
}

export const rule: NativeRule = { metadata, find };
