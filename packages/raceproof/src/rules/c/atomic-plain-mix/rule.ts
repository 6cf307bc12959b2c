// A location is accessed by atomic operations in one place and plainly in another.
// Over-reports: plain accesses while nobody else has the object.
import type { Hazard, NativeAccess, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { isReachableByOthers, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/atomic-plain-mix",
  title: "Atomic here, plain there",
  severity: "wrong-answer",
  consequence: "The plain access is a data race with the atomic ones: torn or stale values, on some machines only.",
  sources: ["C11 5.1.2.4: data race", "CPython TSAN findings (the most frequent class)"],
  since: "0.2.0",
  fixes: [{ title: "Atomic everywhere", cost: "low", detail: "A relaxed load or store where order does not matter." }],
};

interface Access {
  readonly fn: NativeFunction;
  readonly event: NativeAccess;
}

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  const accesses = program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) =>
      fn.events
        .filter((event): event is NativeAccess => event.kind === "access" && !event.debugOnly && isReachableByOthers(event.base))
        .map((event): Access => ({ fn, event })),
    );
  const atomic = new Map(accesses.filter(({ event }) => event.atomic && event.holds !== "mutex").map((access) => [access.event.location, access]));
  return accesses.flatMap(({ fn, event }) => {
    const other = atomic.get(event.location);
    if (other === undefined || event.atomic || [...event.held, ...fn.entryHeld].length > 0) return [];
    return [
      draftNativeHazard(program, metadata, {
        fn,
        span: event.span,
        location: event.location,
        accesses: [
          { span: event.span, function: fn.name, kind: event.mode, held: event.held },
          { span: other.event.span, function: other.fn.name, kind: other.event.mode, held: other.event.held },
        ],
        confidence: "medium",
        evidence: [`${other.fn.name} accesses it atomically at line ${other.event.span.line}`, "no section or lock is held here"],
        message: `${event.text} is a plain ${event.mode} of ${event.location}, which ${other.fn.name} accesses atomically`,
      }),
    ];
  });
}

export const rule: NativeRule = { metadata, find };
