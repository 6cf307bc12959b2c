// A traverse function calls the visitor itself and drops its result, or hands it a field that may be NULL.
import type { Hazard, NativeCall, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { contains } from "../event-order.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/visit-by-hand",
  title: "Visitor called by hand",
  severity: "wrong-answer",
  consequence: "A visitor that wants to stop is not heard, and one that is handed NULL crashes.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.Py_VISIT (tests for NULL and returns what the visitor returns)"],
  since: "0.2.0",
  fixes: [{ title: "Py_VISIT", cost: "low", detail: "With parameters named visit and arg; it does both." }],
};

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ entries, generated }) => !generated && entries.some(({ company }) => company === "stopped"))
    .flatMap((fn) =>
      fn.events
        .filter((event): event is NativeCall => event.kind === "call" && event.callee === "visit" && event.targets.length === 0 && isWrong(program, fn, event))
        .map((call) => report(program, fn, call)),
    );
}

/** Py_VISIT itself reads as this call where it is expanded: the source then names the macro. */
function isWrong(program: NativeProgram, fn: NativeFunction, call: NativeCall): boolean {
  return !/\bPy_VISIT\b/.test(program.excerptOf(call.span)) && !isUsed(program, fn, call);
}

function isUsed(program: NativeProgram, { branches, events }: NativeFunction, call: NativeCall): boolean {
  // A macro of the project's own may keep the result and look at that.
  if (events.some((event) => event.kind === "assignment" && event.order === call.order + 1 && event.text.endsWith(call.text))) return true;
  return branches.some(({ condition }) => contains(condition, call)) || /(=|\breturn\b|\bif\b|\|\|?|\?)[^;]*\bvisit\s*\(/.test(program.excerptOf(call.span));
}

function report(program: NativeProgram, fn: NativeFunction, call: NativeCall): Hazard {
  const [visited] = call.arguments;
  return draftNativeHazard(program, metadata, {
    fn,
    span: call.span,
    location: visited === undefined ? "visit" : originText(fn, visited),
    accesses: [],
    confidence: "medium",
    singleThreaded: true,
    evidence: ["what the visitor returns is not looked at"],
    message: `${call.text} ignores what the visitor returns: a traversal that is to stop goes on`,
  });
}

export const rule: NativeRule = { metadata, find };
