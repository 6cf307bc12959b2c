// A struct with a mutex in it is assigned, copied byte by byte or moved by realloc; or the mutex itself is copied.
import { movedArguments } from "../../../models/index.ts";
import type { Hazard, NativeAccess, NativeCall, NativeEvent, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/mutex-copied",
  title: "Mutex copied or moved",
  severity: "deadlock",
  consequence: "Threads that wait for the old mutex are never woken, and the copy may start out locked.",
  sources: ["docs.python.org/3/c-api/synchronization.html#c.PyMutex (must not be copied or moved)", "POSIX.1-2017 pthread_mutex_init: copies are undefined"],
  since: "0.2.0",
  fixes: [{ title: "Copy the rest", cost: "low", detail: "Field by field without the mutex, or keep the mutex behind a pointer." }],
};

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) => fn.events.filter((event) => copies(program, event)).map((event) => report(program, fn, event)));
}

function copies({ mutexHolders }: NativeProgram, event: NativeEvent): event is NativeAccess | NativeCall {
  if (event.debugOnly) return false;
  if (event.kind === "access") {
    if (event.holds === "mutex")
      return event.mode === "write" && event.stored !== undefined && event.stored.constant === undefined && event.stored.origin.root.kind !== "none";
    return event.mode === "write" && event.location.endsWith(".*") && mutexHolders.has(event.location.slice(0, -2)) && !/^memset\b/.test(event.text);
  }
  return event.kind === "call" && movedArguments.has(event.callee) && [...mutexHolders].some((name) => new RegExp(String.raw`\b${name}\b`).test(event.text));
}

function report(program: NativeProgram, fn: NativeFunction, event: NativeAccess | NativeCall): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: event.span,
    location: event.kind === "access" ? event.location : event.callee,
    accesses: [],
    confidence: "medium",
    singleThreaded: false,
    evidence: ["a mutex is part of the struct", "a mutex must stay where it was made"],
    message: `${event.text} copies or moves a mutex`,
  });
}

export const rule: NativeRule = { metadata, find };
