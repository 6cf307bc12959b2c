// Memory of an object is touched after the section that protects it has ended; asserts about its state count: they fail, or read freed memory.
// Over-reports: reads of one word whose age does not matter.
import type { Hazard, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { findOutside } from "../outside-section.ts";

const metadata: RuleMetadata = {
  id: "c/use-after-section",
  title: "Use after the section",
  severity: "crash",
  consequence: "The object is touched after its section has ended: another thread may have changed or freed what is read.",
  sources: ["CPython gh-154130, gh-144356", "an extension in C before it got critical sections: checks of consistency behind the section"],
  since: "0.2.0",
  fixes: [
    { title: "Move it before the end", cost: "low", detail: "Everything that reads the object stands before Py_END_CRITICAL_SECTION; results go into locals." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  return findOutside(program, metadata, {
    when: "after",
    message: (fn, location, line) => `${fn.name} touches ${location} after the section of line ${line} that protects it has ended`,
  });
}

export const rule: NativeRule = { metadata, find };
