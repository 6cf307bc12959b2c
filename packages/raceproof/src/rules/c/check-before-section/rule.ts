// Memory of an object is looked at before the section that protects it begins: what was seen is old by the time it is used.
// Over-reports: reads of one word whose age does not matter.
import type { Hazard, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { findOutside } from "../outside-section.ts";

const metadata: RuleMetadata = {
  id: "c/check-before-section",
  title: "Check before the section",
  severity: "crash",
  consequence: "What was checked is no longer so when the section begins: the object was changed, closed or resized in between.",
  sources: ["CPython TSAN findings on itertools and csv", "docs.python.org/3/howto/free-threading-extensions.html"],
  since: "0.2.0",
  fixes: [{ title: "Look again inside", cost: "low", detail: "Move the check, or repeat it, after Py_BEGIN_CRITICAL_SECTION." }],
};

function find(program: NativeProgram): Hazard[] {
  return findOutside(program, metadata, {
    when: "before",
    message: (fn, location, line) => `${fn.name} looks at ${location} before the section of line ${line} that protects it begins`,
  });
}

export const rule: NativeRule = { metadata, find };
