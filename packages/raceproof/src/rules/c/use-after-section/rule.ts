// Memory of an object is touched after the section that protects it has ended; asserts about its state count: they fail, or read freed memory.
// Over-reports: reads of one word whose age does not matter.
import type { Hazard, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard } from "../native-hazard.ts";
import { isOrdinary, nativeIndexOf } from "../native-index.ts";
import { accessesOutside } from "../outside-section.ts";

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
  const index = nativeIndexOf(program);
  return program.functions
    .filter((fn) => !fn.generated && (index.reached.has(fn.id) || isOrdinary(fn, true)))
    .flatMap((fn) =>
      accessesOutside(index, fn)
        .filter(({ when }) => when === "after")
        .map(({ effect, section, span }) =>
          draftNativeHazard(program, metadata, {
            fn,
            span,
            location: effect.location,
            accesses: [accessOfEffect(program, effect)],
            confidence: effect.debugOnly || effect.holds === "number" ? "medium" : "high",
            evidence: [
              `the section of line ${section.span.line} is there to protect the object`,
              ...(effect.debugOnly ? ["an assert: only builds with asserts run it"] : []),
            ],
            message: `${fn.name} touches ${effect.location} after the section of line ${section.span.line} that protects it has ended`,
          }),
        ),
    );
}

export const rule: NativeRule = { metadata, find };
