// A label right before the macro that ends a critical section. Without the GIL it compiles; with it the macro is `}`, and `label: }` is no C before C23.
import type { Hazard, NativeBoundary, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/label-before-end-section",
  title: "Label right before the end of a section",
  severity: "wrong-answer",
  consequence: "Builds for Python with the GIL fail or warn: there the macro is nothing but a closing brace, which no label may stand before.",
  sources: ["compilers of builds with the GIL, after sections were added to an extension", "C11 6.8.1: a label is followed by a statement; C23 relaxes it"],
  since: "0.2.0",
  fixes: [{ title: "An empty statement after the label", cost: "low", detail: "`done:;` before the macro." }],
};

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) =>
      fn.events
        .filter((event): event is NativeBoundary => event.kind === "close" && event.labeled !== undefined)
        .map((event) =>
          draftNativeHazard(program, metadata, {
            fn,
            span: event.span,
            location: event.macro,
            accesses: [],
            confidence: "high",
            evidence: [`with the GIL ${event.macro}() expands to a closing brace`],
            message: `label ${event.labeled} stands right before ${event.macro}(): no valid C where the macro is only a brace`,
            singleThreaded: true,
          }),
        ),
    );
}

export const rule: NativeRule = { metadata, find };
