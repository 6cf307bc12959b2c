// Counters in static storage or in a module's state that are counted up or down without an atomic operation or a lock.
// A critical section on an object does not help: every object has its own, the counter is one for all.
import type { Hazard, NativeAccess, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/nonatomic-shared-counter",
  title: "Counter that threads share",
  severity: "wrong-answer",
  consequence: "Two threads count at once and one step is lost: numbers repeat, versions look unchanged, a count never comes back to zero.",
  sources: ["an extension in C: versions repeat", "docs.python.org/3/howto/free-threading-extensions.html#global-state"],
  since: "0.2.0",
  fixes: [
    {
      title: "An atomic operation",
      cost: "low",
      detail: "`atomic_fetch_add` of <stdatomic.h> on an `_Atomic` field, or one counter per object under its section.",
    },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) =>
      fn.events
        .filter((event): event is NativeAccess => event.kind === "access" && isSharedCount(program, fn, event))
        .map((event) => report(program, fn, event)),
    );
}

function isSharedCount(
  { statics, moduleStates }: NativeProgram,
  { entryHeld }: NativeFunction,
  { mode, location, atomic, held, holds, debugOnly }: NativeAccess,
): boolean {
  if (mode !== "update" || atomic || holds !== "number" || debugOnly || [...held, ...entryHeld].some(({ kind }) => kind === "lock")) return false;
  const variable = statics.get(location);
  return variable === undefined ? moduleStates.has(location.slice(0, location.indexOf("."))) : !variable.threadLocal;
}

function report(program: NativeProgram, fn: NativeFunction, event: NativeAccess): Hazard {
  const inSection = [...event.held, ...fn.entryHeld].some(({ kind }) => kind === "section");
  return draftNativeHazard(program, metadata, {
    fn,
    span: event.span,
    location: event.location,
    accesses: [{ span: event.span, function: fn.name, kind: "update", held: event.held }],
    confidence: "high",
    evidence: [
      program.statics.has(event.location) ? "it is a variable of static storage" : "it belongs to the module's state, which all objects share",
      ...(inSection ? ["the critical section held here belongs to one object and keeps nobody out who works on another"] : []),
    ],
    message: `${event.text} counts without an atomic operation: threads lose steps of ${event.location}`,
  });
}

export const rule: NativeRule = { metadata, find };
